/** Stands where Node has `ws`: every browser has a WebSocket of its own. */
export const WebSocket = globalThis.WebSocket;
