/**
 * The gateway: every door of the node but the log's. JSON over HTTP, binary over WebSocket and TCP, streams over WebSocket. It decodes,
 * finds out who asks, lets him or does not, and hands commands on; it holds no state of the venue.
 */
import type { AddressInfo } from "node:net";
import type { IncomingMessage } from "node:http";
import { Labels } from "../telling/labels.ts";
import { LogHeads } from "../log/logHeads.ts";
import { BinaryEntry } from "./binary.ts";
import { DeadMan } from "./deadMan.ts";
import { Disconnects } from "./disconnects.ts";
import type { Desk } from "./handlers.ts";
import { type HttpOptions, createHttp } from "./http.ts";
import type { Streams } from "./ports.ts";
import { PlayMoney, type PlayMoneyTerms } from "./playMoney.ts";
import { serveSockets } from "./sockets.ts";
import { Surveys } from "./surveys.ts";
import { createTcpEntry } from "./tcp.ts";

export interface GatewayOptions extends Omit<HttpOptions, "isClosing"> {
  readonly host: string;
  /** 0 = any that is free. */
  readonly port: number;
  /** Of binary order entry over TCP; undefined = there is none. */
  readonly tcpPort?: number;
}

/** What it stands on; closing it closes none of them. */
export interface GatewayDependencies extends Omit<
  Desk,
  "deadMan" | "labels" | "logHeads" | "surveys" | "playMoney"
> {
  /** What a demo gives away. */
  readonly playMoney?: PlayMoneyTerms | undefined;
  readonly streams: Streams;
}

export interface Gateway {
  readonly port: number;
  /** Undefined if there is no TCP entry. */
  readonly tcpPort: number | undefined;
  /** Open connections of binary order entry. */
  readonly binaryConnections: number;
  /** Takes nothing more, answers what is under way, says goodbye to every client, and lets go of the ports. */
  close(): Promise<void>;
}

/** How often what has expired is forgotten, ms. */
const FORGET_EVERY = 60_000;

/** Opens the doors. @throws if a port is not to be had */
export async function openGateway(
  options: GatewayOptions,
  dependencies: GatewayDependencies,
): Promise<Gateway> {
  const { core, access, log, streams } = dependencies;
  const { gate, registry, clock } = access;
  const deadMan = new DeadMan(core, registry, clock, log);
  const { playMoney: terms, directory } = dependencies;
  const playMoney = terms === undefined ? undefined : new PlayMoney(core, directory, clock, terms);
  const labels = new Labels(directory);
  const logHeads = dependencies.publicLog && new LogHeads(dependencies.publicLog);
  const desk: Desk = { ...dependencies, labels, logHeads, deadMan, surveys: new Surveys(core), playMoney };
  const disconnects = new Disconnects(core, log);
  const entry = new BinaryEntry({ core, access, deadMan, disconnects, log });
  let closing = false;
  const isClosing = (): boolean => closing;

  const http = await createHttp(desk, { ...options, isClosing });
  const server = http.server;
  const proxies = new Set(options.proxies);
  server.on("connection", (socket) => {
    // Behind a proxy everybody has one address: it counts its clients itself.
    if (proxies.has(socket.remoteAddress ?? "")) return;
    try {
      const release = gate.connect(socket.remoteAddress ?? "");
      socket.on("close", release);
    } catch {
      socket.destroy();
    }
  });
  const sockets = serveSockets(server, {
    entry,
    streams,
    gate,
    addressOf: (request) => clientOf(request, proxies),
    isClosing,
  });
  const tcp = options.tcpPort === undefined ? undefined : createTcpEntry(entry, gate);
  const stopListening = core.listen((batch) => gate.ratios.record(batch, clock()));
  const forgetting = setInterval(() => registry.forgetExpired(), FORGET_EVERY).unref();

  await http.listen({ host: options.host, port: options.port });
  if (tcp !== undefined) await tcp.listen(options.tcpPort as number, options.host);
  const port = (server.address() as AddressInfo).port;
  const tcpPort = tcp?.port;
  log.info({ host: options.host, port, tcpPort, curve: access.signatures.curve }, "gateway_open");

  return {
    port,
    tcpPort,
    get binaryConnections() {
      return entry.connected;
    },
    close: async () => {
      closing = true;
      clearInterval(forgetting);
      const stopped = tcp?.stop();
      await entry.finish();
      streams.close();
      await sockets.close();
      await tcp?.hangUp();
      await stopped;
      await http.close();
      await entry.left();
      await disconnects.close();
      await deadMan.close();
      stopListening();
      log.info({ port }, "gateway_closed");
    },
  };
}

/** Where a request comes from: the last address on its way that is not one of our proxies. */
function clientOf({ socket, headers }: IncomingMessage, proxies: ReadonlySet<string>): string {
  const peer = socket.remoteAddress ?? "";
  const told = [headers["x-forwarded-for"] ?? []].flat().join(",").split(",");
  const way = [peer, ...told.map((each) => each.trim()).toReversed()].filter((each) => each !== "");
  return way.find((address) => !proxies.has(address)) ?? peer;
}
