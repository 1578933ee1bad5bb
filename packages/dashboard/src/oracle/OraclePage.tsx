/** The prices that everything is margined by: all markets at a glance, and the chosen one down to its sources. */
import type { Market } from "@bulkhead/protocol";
import type { ReactNode } from "react";
import { useChoice } from "../live/address.ts";
import { useRoute } from "../live/route.ts";
import { Fault } from "../ui/Fault.tsx";
import { PageHead, Stack } from "../ui/Page.tsx";
import { Loading } from "../ui/Skeleton.tsx";
import { Aggregate } from "./Aggregate.tsx";
import { Feeds } from "./Feeds.tsx";
import { Manipulation } from "./Manipulation.tsx";
import { Sources } from "./Sources.tsx";

const NONE: readonly Market[] = [];

export function OraclePage(): ReactNode {
  const markets = useRoute("markets", { query: {} }, { everyMs: 2_000 });
  const symbols = (markets.data ?? NONE).map(({ symbol }) => symbol);
  const [symbol, choose] = useChoice("market", symbols);
  const feed = useRoute(
    "oracle",
    { params: { symbol: symbol ?? "" } },
    { everyMs: 1_000, isWanted: symbol !== undefined },
  );
  // What was asked before for another market is not this one's.
  const told = feed.data?.symbol === symbol ? feed.data : undefined;
  return (
    <>
      <PageHead title="Oracle">
        One price for each market, made of many reports. What it may be used for depends on how well they
        agree, and how lately.
      </PageHead>
      {markets.error !== undefined && markets.data === undefined && (
        <Fault error={markets.error} what="The markets cannot be read" onAgain={markets.again} />
      )}
      {markets.isLoading && <Loading lines={8} />}
      {markets.data !== undefined && (
        <Stack>
          <Feeds markets={markets.data} isStale={markets.isStale} chosen={symbol} onChoose={choose} />
          {feed.error !== undefined && told === undefined && (
            <Fault
              error={feed.error}
              what={`What ${symbol ?? "the market"} rests on cannot be read`}
              onAgain={feed.again}
            />
          )}
          {told === undefined && feed.error === undefined && symbol !== undefined && <Loading lines={8} />}
          {told !== undefined && (
            <>
              <Aggregate oracle={told} isStale={feed.isStale} />
              <Sources oracle={told} isStale={feed.isStale} />
              <Manipulation oracle={told} isStale={feed.isStale} />
            </>
          )}
        </Stack>
      )}
    </>
  );
}
