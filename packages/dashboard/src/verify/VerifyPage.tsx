/** The venue's log, executed again in this page by the engine itself, and compared: whoever does so takes nobody's word for it. */
import type { Capacities } from "@bulkhead/engine";
import { type ReactNode, useState } from "react";
import { useRoute } from "../live/route.ts";
import { useClient } from "../live/venue.tsx";
import { Button } from "../ui/Button.tsx";
import { Fault } from "../ui/Fault.tsx";
import { PageHead, Stack } from "../ui/Page.tsx";
import { Panel } from "../ui/Panel.tsx";
import { Drop } from "./Drop.tsx";
import { Entries } from "./Entries.tsx";
import type { Task } from "./messages.ts";
import { NodeLog } from "./NodeLog.tsx";
import { Outcome } from "./Outcome.tsx";
import { Proof } from "./Proof.tsx";
import { Running } from "./Running.tsx";
import { useCheck } from "./useCheck.ts";

type Target = Pick<Task, "origin" | "capacities" | "commandsThere"> & { readonly name: string };

export function VerifyPage(): ReactNode {
  const client = useClient();
  const log = useRoute("log", {}, { everyMs: 5_000 });
  const room = useRoute("logCapacities", {});
  const checking = useCheck();
  const [target, setTarget] = useState<Target>();
  const [refusal, setRefusal] = useState<unknown>();

  const begin = (made: Target, look?: Task["look"]): void => {
    setRefusal(undefined);
    setTarget(made);
    const { name: _, ...task } = made;
    checking.start({ ...task, ...(look && { look }) });
  };
  /** The node's log as it is now. */
  const atNode = async (): Promise<Target> => {
    if (client === undefined) throw new Error("the node has not answered yet");
    const [{ last, segments }, { genesis: _, ...capacities }] = await Promise.all([
      client.call("log", {}),
      client.call("logCapacities", {}),
    ]);
    const sizes = segments.map(({ segment, bytes }) => ({ name: segment, bytes }));
    return {
      name: "the node's log",
      origin: { kind: "node", url: location.origin, segments: sizes },
      capacities,
      commandsThere: last,
    };
  };
  const inFiles = async (files: readonly File[]): Promise<Target> => {
    const capacities = (await capacitiesIn(files)) ?? room.data;
    if (capacities === undefined)
      throw new Error("drop venue.json with it: this node does not tell what its engine is built with");
    const segments = files.filter(({ name }) => /\d{16}/.test(name));
    return {
      name: segments.map(({ name }) => name).join(", ") || "the files",
      origin: { kind: "files", files: segments },
      capacities,
    };
  };
  const run = (make: Promise<Target>, look?: Task["look"]): void =>
    void make.then((made) => begin(made, look), setRefusal);
  const isRunning = checking.phase === "running";
  return (
    <>
      <PageHead title="Verify">
        The same commands give the same bytes on every machine. Here the engine executes the venue's whole log
        once more, in your browser, and compares every receipt.
      </PageHead>
      <Stack>
        <NodeLog answer={log} isBusy={isRunning} onVerify={() => run(atNode())} url={location.origin} />
        <Drop isBusy={isRunning} onFiles={(files) => run(inFiles(files))} />
        {refusal !== undefined && <Fault error={refusal} what="The check could not begin" />}
        {checking.phase !== "idle" && target !== undefined && (
          <Panel
            title={`Check of ${target.name}`}
            actions={
              isRunning && (
                <Button size="small" onClick={checking.stop}>
                  Cancel
                </Button>
              )
            }
          >
            <Running checking={checking} />
            {checking.report !== undefined && <Outcome report={checking.report} />}
          </Panel>
        )}
        <Entries
          isBusy={isRunning}
          report={checking.report}
          onLook={(look) =>
            target === undefined
              ? run(atNode(), look)
              : target.origin.kind === "node"
                ? run(atNode(), look)
                : begin(target, look)
          }
        />
        <Proof />
      </Stack>
    </>
  );
}

/** What a venue.json among the files says. @throws if it is none */
async function capacitiesIn(files: readonly File[]): Promise<Capacities | undefined> {
  const file = files.find(({ name }) => name.endsWith(".json"));
  if (file === undefined) return undefined;
  const { capacities } = JSON.parse(await file.text()) as { readonly capacities?: Capacities };
  if (capacities === undefined || !Array.isArray(capacities.tiers))
    throw new Error(`${file.name} tells no capacities`);
  return capacities;
}
