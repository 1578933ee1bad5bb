/** The streams as an AsyncAPI 3 document, made of the table of channels. */
import { CHANNELS, CHANNEL_NAMES, type Channel, STREAM_REPLY, STREAM_REQUEST } from "./channels.ts";
import { type Components, type Json, jsonSchema } from "./schemas.ts";

/** @param version - of the node that serves it; @param origin - under which it is reached, left out where no node is meant */
export function asyncApi(version: string, origin?: string): Json {
  const components: Components = {};
  const messages: Record<string, Json> = {
    request: {
      name: "request",
      summary: "What a client says",
      payload: jsonSchema(STREAM_REQUEST, components),
    },
    reply: {
      name: "reply",
      summary: "What it is told of what it said",
      payload: jsonSchema(STREAM_REPLY, components),
    },
  };
  for (const name of CHANNEL_NAMES) {
    const { summary, isPrivate, message }: Channel = CHANNELS[name];
    const access = isPrivate ? "After a login with a session's token." : "For everybody.";
    messages[name] = { name, summary, description: access, payload: jsonSchema(message, components) };
  }
  return {
    asyncapi: "3.0.0",
    info: {
      title: "Bulkhead streams",
      version,
      description:
        "One WebSocket with JSON for market data and accounts, one with binary messages for orders. docs/spec/wire.md tells the binary layout.",
      license: { name: "Apache-2.0" },
    },
    ...(origin !== undefined && { servers: { node: serverAt(new URL(origin)) } }),
    defaultContentType: "application/json",
    channels: {
      stream: {
        address: "/v1/stream",
        description: "Subscribe to channels, and be told what they say.",
        messages: Object.fromEntries(
          Object.keys(messages).map((name) => [name, { $ref: `#/components/messages/${name}` }]),
        ),
      },
      binary: {
        address: "/v1/binary",
        description: "Commands in batches, each batch signed once.",
        messages: {
          batch: { $ref: "#/components/messages/binaryBatch" },
          answer: { $ref: "#/components/messages/binaryAnswer" },
        },
      },
    },
    operations: {
      ask: { action: "receive", channel: { $ref: "#/channels/stream" }, messages: [onStream("request")] },
      tell: {
        action: "send",
        channel: { $ref: "#/channels/stream" },
        messages: ["reply", ...CHANNEL_NAMES].map(onStream),
      },
      sendBatch: {
        action: "receive",
        channel: { $ref: "#/channels/binary" },
        messages: [{ $ref: "#/channels/binary/messages/batch" }],
      },
      answerBatch: {
        action: "send",
        channel: { $ref: "#/channels/binary" },
        messages: [{ $ref: "#/channels/binary/messages/answer" }],
      },
    },
    components: {
      messages: {
        ...messages,
        binaryBatch: binary("batch", "Commands as records, with the session's signature over them"),
        binaryAnswer: binary("answer", "What came of each command, or a problem"),
      },
      schemas: components,
    },
  };
}

/** WebSockets are where the pages are. */
function serverAt({ host, protocol }: URL): Json {
  return { host, protocol: protocol === "https:" ? "wss" : "ws" };
}

function onStream(name: string): Json {
  return { $ref: `#/channels/stream/messages/${name}` };
}

function binary(name: string, summary: string): Json {
  return {
    name,
    summary,
    contentType: "application/octet-stream",
    payload: { type: "string", format: "binary" },
  };
}
