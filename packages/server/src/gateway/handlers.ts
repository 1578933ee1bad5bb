/** What a handler is given and what it answers: one for each route of the protocol's table. */
import type { Directory, RouteName, RouteRequest, RouteResponse } from "@bulkhead/protocol";
import type { Access } from "../access/access.ts";
import type { Session } from "../access/registry.ts";
import type { LogHeads } from "../log/logHeads.ts";
import type { PublicLog } from "../log/publicLog.ts";
import type { Labels } from "../telling/labels.ts";
import type { DeadMan } from "./deadMan.ts";
import type { Core, History, Log } from "./ports.ts";
import type { PlayMoney } from "./playMoney.ts";
import type { Surveys } from "./surveys.ts";

/** What handlers stand on. */
export interface Desk {
  readonly core: Core;
  readonly access: Access;
  readonly history: History;
  readonly directory: Directory;
  /** The same, to tell by. */
  readonly labels: Labels;
  /** What the venue says of itself. */
  readonly about: {
    readonly name: string;
    readonly isDemo: boolean;
    /** Under which the world reaches the node. */
    readonly origin: () => string;
  };
  readonly deadMan: DeadMan;
  readonly surveys: Surveys;
  readonly log: Log;
  /** The log of commands, if everybody may read it. */
  readonly publicLog?: PublicLog | undefined;
  /** The heads it keeps. */
  readonly logHeads?: LogHeads | undefined;
  /** Of a demo. */
  readonly playMoney?: PlayMoney | undefined;
  /** Metrics as Prometheus reads them. */
  readonly metrics: () => Promise<string>;
  /** Of the node's software. */
  readonly version: string;
}

/** Who asks. */
export interface Caller {
  readonly address: string;
  /** Of the page that asks, if a browser says so. */
  readonly origin: string | undefined;
  /** Whose session it is; undefined if he has shown none. */
  readonly session: Session | undefined;
  /** Whether its key has signed this very request; otherwise he has shown its token. */
  readonly isSigned: boolean;
}

export type Handlers<Names extends RouteName> = {
  readonly [Name in Names]: (
    desk: Desk,
    request: RouteRequest<Name>,
    caller: Caller,
  ) => Promise<RouteResponse<Name>> | RouteResponse<Name>;
};
