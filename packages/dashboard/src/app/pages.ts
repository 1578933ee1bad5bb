/** The pages: where each lies, how it is reached by keys, and the chunk it comes in. */
import { type ComponentType, lazy } from "react";
import type { IconName } from "../ui/Icon.tsx";

export interface PageEntry {
  /** In the navigation, and in the window's title. */
  readonly title: string;
  /** Where the navigation leads. */
  readonly path: string;
  /** As wouter has it; what belongs to the page. */
  readonly routes: readonly string[];
  /** After `g`. */
  readonly key: string;
  readonly icon: IconName;
  readonly Page: ComponentType;
}

export const PAGES: readonly PageEntry[] = [
  page("Venue", "/", ["/"], "v", "venue", async () => (await import("../venue/VenuePage.tsx")).VenuePage),
  page(
    "Trade",
    "/trade",
    ["/trade", "/trade/:symbol"],
    "t",
    "trade",
    async () => (await import("../trade/TradePage.tsx")).TradePage,
  ),
  page(
    "Account",
    "/account",
    ["/account", "/account/:part"],
    "a",
    "account",
    async () => (await import("../account/AccountPage.tsx")).AccountPage,
  ),
  page(
    "Oracle",
    "/oracle",
    ["/oracle"],
    "o",
    "oracle",
    async () => (await import("../oracle/OraclePage.tsx")).OraclePage,
  ),
  page(
    "Governance",
    "/governance",
    ["/governance"],
    "g",
    "governance",
    async () => (await import("../governance/GovernancePage.tsx")).GovernancePage,
  ),
  page(
    "Incidents",
    "/incidents",
    ["/incidents", "/incidents/:id"],
    "i",
    "incidents",
    async () => (await import("../incidents/IncidentsPage.tsx")).IncidentsPage,
  ),
  page(
    "Verify",
    "/verify",
    ["/verify"],
    "y",
    "verify",
    async () => (await import("../verify/VerifyPage.tsx")).VerifyPage,
  ),
];

function page(
  title: string,
  path: string,
  routes: readonly string[],
  key: string,
  icon: IconName,
  load: () => Promise<ComponentType>,
): PageEntry {
  return { title, path, routes, key, icon, Page: lazy(async () => ({ default: await load() })) };
}
