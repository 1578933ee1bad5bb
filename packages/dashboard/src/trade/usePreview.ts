/** What the node says an order would do, while it is being written. */
import type { OrderRequest, Preview } from "@bulkhead/protocol";
import { useEffect, useState } from "react";
import { useRoute } from "../live/route.ts";

/** How long nothing must have been typed before it is asked, ms. */
const PAUSE_MS = 180;
const AGAIN_MS = 2_000;

export interface Previewed {
  /** What the node said last of this order. */
  readonly preview: Preview | undefined;
  /** Why it says nothing of it. */
  readonly error: Error | undefined;
  readonly isAsking: boolean;
  readonly isStale: boolean;
}

export function usePreview(request: OrderRequest | undefined): Previewed {
  const text = request === undefined ? undefined : JSON.stringify(request);
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  const isWanted = settled !== undefined;
  const { data, error, isStale, isOfBefore } = useRoute(
    "preview",
    { body: JSON.parse(settled ?? PLACEHOLDER) as OrderRequest },
    { everyMs: AGAIN_MS, isWanted },
  );
  const isOwn = isWanted && settled === text && !isOfBefore;
  return {
    preview: text !== undefined && isWanted ? data : undefined,
    error: isOwn ? error : undefined,
    isAsking: text !== undefined && !isOwn,
    isStale,
  };
}

const PLACEHOLDER = JSON.stringify({ symbol: "-", side: "buy", type: "limit", amount: "1" });
