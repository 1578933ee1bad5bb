/** Says that what stands beside it may not be true any more, and of which command it is. */
import { Icon } from "./Icon.tsx";
import type { ReactNode } from "react";
import { Badge } from "./Badge.tsx";

export function Stale({ sequence }: { readonly sequence?: number | undefined }): ReactNode {
  return (
    <Badge tone="caution" title="The node has told nothing newer; what is shown may not be true any more">
      <Icon name="pause" size={12} />
      stale{sequence !== undefined && sequence > 0 ? ` since #${sequence.toLocaleString("en-US")}` : ""}
    </Badge>
  );
}
