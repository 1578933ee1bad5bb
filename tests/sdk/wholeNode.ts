/** A node with everything a client meets, at one address: HTTP and binary of the gateway, and the streams. */
import { createServer, request as ask } from "node:http";
import { type AddressInfo, connect as dial } from "node:net";
import { directoryOf } from "@bulkhead/protocol";
import { FanOut, MarketData, createStreamEndpoint } from "@bulkhead/server";
import { NAMES, type NodeOptions, type TestNode, openNode } from "../server/venueNode.ts";

export interface WholeNode extends TestNode {
  /** Cuts every connection, as a failing network does. */
  readonly cut: () => void;
}

export async function openWholeNode(options: NodeOptions = {}): Promise<WholeNode> {
  const node = await openNode(options);
  const { runner, access, gateway } = node;
  const fanOut = new FanOut({});
  const market = new MarketData({
    directory: directoryOf(NAMES),
    fanOut,
    read: (question) => runner.read(question),
  });
  await runner.read((engine) => market.begin(engine));
  const stop = runner.listen((batch) => market.take(batch));
  market.start();
  const streams = createStreamEndpoint({
    market,
    fanOut,
    authenticate: (token) => {
      const { owner, expires } = access.registry.sessionOfToken(token);
      return { accounts: access.registry.accountsOf(owner), expires };
    },
  });
  const to = { host: "127.0.0.1", port: gateway.port };
  const server = createServer((incoming, outgoing) => {
    const { method, url: path, headers } = incoming;
    const forward = ask({ ...to, method, path, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    forward.on("error", () => outgoing.destroy());
    incoming.pipe(forward);
  });
  const sockets = new Set<{ destroy(): void }>();
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => undefined);
  });
  server.on("upgrade", (incoming, socket, head) => {
    if (incoming.url?.startsWith("/v1/stream") === true) return streams.upgrade(incoming, socket, head);
    const onward = dial(to, () => {
      const lines = incoming.rawHeaders.flatMap((name, index, all) =>
        index % 2 === 0 ? [`${name}: ${all[index + 1]}`] : [],
      );
      onward.write(`${incoming.method} ${incoming.url} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`);
      onward.write(head);
      socket.pipe(onward).pipe(socket);
    });
    for (const [one, other] of [
      [socket, onward],
      [onward, socket],
    ] as const) {
      one.on("error", () => other.destroy());
      one.on("close", () => other.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    ...node,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut,
    close: async () => {
      stop();
      market.close();
      streams.close();
      cut();
      await new Promise((resolve) => server.close(resolve));
      await node.close();
    },
  };
}
