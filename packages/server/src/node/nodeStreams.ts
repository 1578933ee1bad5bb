/** The streams of a node: market data made of what is executed, from the state as it is when the node begins. */
import type { Directory } from "@bulkhead/protocol";
import type { Access } from "../access/access.ts";
import { FanOut } from "../market/fanOut.ts";
import { type Beginning, MarketData } from "../market/marketData.ts";
import { type StreamEndpoint, createStreamEndpoint } from "../market/streamEndpoint.ts";
import { Disconnects } from "../gateway/disconnects.ts";
import type { History } from "../gateway/ports.ts";
import type { Runner } from "../runner/runner.ts";
import type { Say } from "../telemetry/eventLogger.ts";
import { gatewayLog } from "./gatewayLog.ts";
import type { Lifetime } from "./lifetime.ts";
import { pastCandles } from "./pastCandles.ts";
import { pastOrders } from "./pastOrders.ts";

export interface NodeStreamsOptions {
  readonly names: Directory;
  readonly runner: Runner;
  readonly access: Access;
  readonly history: History;
  readonly say: Say;
  readonly clock: () => number;
}

export interface NodeStreams {
  readonly fanOut: FanOut;
  readonly streams: StreamEndpoint;
}

export async function openNodeStreams(
  { names, runner, access, history, say, clock }: NodeStreamsOptions,
  lifetime: Lifetime,
): Promise<NodeStreams> {
  const fanOut = new FanOut();
  /** From then on nobody answers what came before. */
  let isOver = false;
  const market = new MarketData({
    directory: names,
    fanOut,
    read: (question) => runner.read(question),
    pastOrders: async (account, sequence) => {
      try {
        return await pastOrders(history, account, sequence);
      } catch (error) {
        if (!isOver) say("views.failed", { sequence, error });
        return [];
      }
    },
    onBegun: (beginning) => {
      fill(beginning).catch((error: unknown) => {
        if (!isOver) say("views.failed", { sequence: beginning.sequence, error });
      });
    },
    onFault: (error) => say("market.restarted", { error }),
  });
  const fill = async (beginning: Beginning): Promise<void> => {
    for (const instrument of names.instruments)
      for (const [interval, candles] of await pastCandles(history, instrument, beginning))
        market.fillCandles(instrument.symbol, interval, candles, beginning);
  };
  const stopListening = await runner.read((engine) => {
    market.begin(engine);
    return runner.listen((batch) => market.take(batch));
  });
  market.start();
  lifetime.atEnd(() => {
    isOver = true;
    stopListening();
    market.close();
  });
  const disconnects = new Disconnects(runner, gatewayLog(say));
  lifetime.atEnd(() => disconnects.close());
  const streams = createStreamEndpoint({
    market,
    fanOut,
    authenticate: (token) => access.reader(token),
    disconnected: (accounts) => disconnects.cancel(accounts),
    clock,
    onFault: (error) => say("stream.faulted", { error }),
  });
  return { fanOut, streams };
}
