/** Everything, put together: the venue below which all pages lie, and the shell around them. */
import { type ReactNode, Suspense } from "react";
import { Route, Switch } from "wouter";
import { VenueProvider } from "../live/venue.tsx";
import { Alerts } from "../records/Alerts.tsx";
import { InTurn } from "../ui/InTurn.tsx";
import { Loading } from "../ui/Skeleton.tsx";
import { Shortcuts } from "../ui/shortcuts.tsx";
import { Toasts } from "../ui/Toast.tsx";
import { ErrorBoundary } from "./ErrorBoundary.tsx";
import { NotFound } from "./NotFound.tsx";
import { PAGES } from "./pages.ts";
import { Shell } from "./Shell.tsx";

export function App(): ReactNode {
  return (
    <VenueProvider>
      <Shortcuts>
        <Toasts>
          <Alerts />
          <Shell>
            <Switch>
              {PAGES.flatMap(({ routes, title, Page }) =>
                routes.map((path) => (
                  <Route key={path} path={path}>
                    <ErrorBoundary key={path} what={title}>
                      <Suspense fallback={<Loading lines={8} />}>
                        <InTurn>
                          <Page />
                        </InTurn>
                      </Suspense>
                    </ErrorBoundary>
                  </Route>
                )),
              )}
              <Route>
                <NotFound />
              </Route>
            </Switch>
          </Shell>
        </Toasts>
      </Shortcuts>
    </VenueProvider>
  );
}
