// @vitest-environment happy-dom
import { type Preview, directoryOf } from "@bulkhead/protocol";
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { type ReactNode, useState } from "react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Draft, EMPTY_DRAFT } from "./draft.ts";
import { Ticket } from "./Ticket.tsx";

const directory = directoryOf({
  assets: [{ symbol: "USD", asset: 1, decimals: 6 }],
  tiers: [{ tier: 1, name: "majors" }],
  instruments: [
    {
      symbol: "BTC-PERP",
      tier: 1,
      market: 1,
      base: "BTC",
      quote: "USD",
      tickSize: "0.5",
      lotSize: "0.001",
    },
  ],
});
const [instrument] = directory.instruments;
if (instrument === undefined) throw new Error("no instrument");

const node = vi.hoisted(() => ({
  placeOrder: vi.fn(),
  preview: undefined as unknown,
  asked: [] as unknown[],
}));
vi.mock("../live/venue.tsx", () => ({ useClient: () => ({ placeOrder: node.placeOrder }) }));
vi.mock("../live/useWallet.ts", () => ({ useWallet: () => ({ account: 7, address: "0x1" }) }));
vi.mock("../live/route.ts", () => ({
  useRoute: (name: string, input: unknown, { isWanted = true } = {}) => {
    if (name === "problem") return { data: { title: "equity would not cover initial margin" } };
    if (isWanted) node.asked.push(input);
    return { data: isWanted ? node.preview : undefined, isOfBefore: false, isStale: false };
  },
}));

const STANDING = {
  position: "0.000",
  equity: "10000.000000",
  initialMargin: "0.000000",
  maintenanceEquity: "10000.000000",
  maintenanceMargin: "0.000000",
  liquidationPrice: null,
};
const ACCEPTED: Preview = {
  outcome: "accepted",
  facts: {},
  units: {},
  filled: "0.000",
  cost: "0",
  average: null,
  fees: "0.000000",
  resting: "0.100",
  before: STANDING,
  after: { ...STANDING, initialMargin: "369.167973" },
  sequence: 1,
};

beforeEach(() => {
  localStorage.clear();
  node.asked = [];
  node.preview = ACCEPTED;
  node.placeOrder.mockReset();
  node.placeOrder.mockResolvedValue({
    id: "1-1",
    side: "buy",
    symbol: "BTC-PERP",
    filled: "0.000",
    remaining: "0.100",
    status: "open",
    average: null,
    reason: null,
  });
});
afterEach(cleanup);

function Written({ draft = {} }: { readonly draft?: Partial<Draft> }): ReactNode {
  const [now, setNow] = useState<Draft>({ ...EMPTY_DRAFT, ...draft });
  return (
    <Ticket
      instrument={instrument as NonNullable<typeof instrument>}
      draft={now}
      onDraft={(more) => setNow((before) => ({ ...before, ...more }))}
      best={{ bid: "64000.0", ask: "64000.5" }}
    />
  );
}

const type = (name: string, value: string): void =>
  void fireEvent.change(screen.getByRole("textbox", { name }), { target: { value } });

test("sends what was written, once it was asked and confirmed", async () => {
  render(<Written />);
  const buy = screen.getByRole<HTMLButtonElement>("button", { name: "Buy BTC-PERP" });
  expect(buy.disabled).toBe(true);
  fireEvent.click(screen.getByRole("button", { name: "ask" }));
  type("Amount", "0.1");
  expect(buy.disabled).toBe(false);
  fireEvent.submit(screen.getByRole("form", { name: "Order of BTC-PERP" }));
  expect(node.placeOrder).not.toHaveBeenCalled();
  fireEvent.click(screen.getByText("Place the order"));
  await waitFor(() => expect(node.placeOrder).toHaveBeenCalledTimes(1));
  expect(node.placeOrder.mock.calls[0]?.[0]).toMatchObject({
    account: 7,
    symbol: "BTC-PERP",
    side: "buy",
    type: "limit",
    price: "64000.5",
    amount: "0.1",
  });
  await waitFor(() =>
    expect(screen.getByRole<HTMLInputElement>("textbox", { name: "Amount" }).value).toBe(""),
  );
});

test("sends at once where it is not to ask", async () => {
  render(<Written draft={{ price: "64000", amount: "0.1" }} />);
  fireEvent.click(screen.getByRole("checkbox", { name: "Ask before placing" }));
  fireEvent.submit(screen.getByRole("form", { name: "Order of BTC-PERP" }));
  await waitFor(() => expect(node.placeOrder).toHaveBeenCalledTimes(1));
});

test("sends nothing that fits no tick or lot, and says which", () => {
  render(<Written draft={{ price: "64000.3", amount: "0.1" }} />);
  expect(screen.getByText("no multiple of the tick 0.5")).toBeDefined();
  fireEvent.submit(screen.getByRole("form", { name: "Order of BTC-PERP" }));
  expect(node.placeOrder).not.toHaveBeenCalled();
  expect(node.asked).toEqual([]);
});

test("shows the fields of its type", () => {
  render(<Written draft={{ type: "stop" }} />);
  expect(screen.getByRole("textbox", { name: "Worst price" })).toBeDefined();
  expect(screen.getByRole("textbox", { name: /^Trigger/ })).toBeDefined();
  expect(screen.queryByRole("checkbox", { name: "Post only" })).toBeNull();
  fireEvent.change(screen.getByRole("combobox", { name: "Type" }), { target: { value: "limit" } });
  expect(screen.queryByRole("textbox", { name: /^Trigger/ })).toBeNull();
  expect(screen.getByRole("checkbox", { name: "Post only" })).toBeDefined();
  fireEvent.change(screen.getByRole("combobox", { name: "In force" }), { target: { value: "GTD" } });
  expect(screen.getByLabelText("Until, UTC")).toBeDefined();
});

test("tells a refusal in words, with its numbers in their units", async () => {
  node.preview = {
    ...ACCEPTED,
    outcome: "margin_insufficient",
    facts: { equity: 10_000_000_000, required: 36_952_365_282 },
    after: null,
  };
  render(<Written draft={{ price: "64000", amount: "10" }} />);
  await screen.findByText("Equity would not cover initial margin.");
  expect(screen.getByText("36,952.36 USD")).toBeDefined();
});
