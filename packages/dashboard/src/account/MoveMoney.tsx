/** Between the vault and compartments, and out of the venue. All of it is signed by the wallet itself. */
import type { Asset, Receipt } from "@bulkhead/protocol";
import { type Client, NoWallet, type Place, type Sum, allocate, deallocate, withdraw } from "@bulkhead/sdk";
import { unitsOf } from "@bulkhead/protocol";
import { type FormEvent, type ReactNode, useState } from "react";
import { useRoute } from "../live/route.ts";
import { useWallet } from "../live/useWallet.ts";
import { useClient } from "../live/venue.tsx";
import { Failure } from "../records/Refusal.tsx";
import { Button } from "../ui/Button.tsx";
import { Field } from "../ui/Field.tsx";
import { Columns } from "../ui/Page.tsx";
import { Panel } from "../ui/Panel.tsx";
import { Select } from "../ui/Select.tsx";
import { Loading } from "../ui/Skeleton.tsx";
import { useToast } from "../ui/Toast.tsx";
import { grouped, worded } from "../ui/text.ts";
import styles from "./account.module.css";
import { Throttle } from "./Throttle.tsx";

type Way = "allocate" | "deallocate";

export function MoveMoney({ account }: { readonly account: number }): ReactNode {
  const client = useClient();
  const { canSign } = useWallet();
  const balances = useRoute("balances", { params: { account } }, { everyMs: 2_000 });
  if (client === undefined || balances.data === undefined) return <Loading lines={6} />;
  return (
    <>
      {!canSign && (
        <p className={styles.note} role="status">
          The wallet that owns this account is not here: nothing can be moved until you log in with it again.
        </p>
      )}
      <Columns least={340}>
        <BetweenPanel client={client} account={account} balances={balances} canSign={canSign} />
        <WithdrawPanel client={client} account={account} balances={balances} canSign={canSign} />
      </Columns>
    </>
  );
}

interface MoveProps {
  readonly client: Client;
  readonly account: number;
  readonly balances: ReturnType<typeof useRoute<"balances">>;
  readonly canSign: boolean;
}

function BetweenPanel({ client, account, balances, canSign }: MoveProps): ReactNode {
  const [way, setWay] = useState<Way>("allocate");
  const [to, setTo] = useState("");
  const [symbol, setSymbol] = useState("USD");
  const [amount, setAmount] = useState("");
  const { tiers, instruments } = client.directory;
  const places = [
    ...tiers.map(({ tier, name }) => ({ value: `tier ${tier}`, text: `${worded(name)}: cross` })),
    ...instruments.map(({ symbol: of }) => ({ value: of, text: `${of}: isolated` })),
  ];
  const chosen = places.some(({ value }) => value === to) ? to : (places[0]?.value ?? "");
  const place: Place = chosen.startsWith("tier ")
    ? { tier: Number(chosen.slice("tier ".length)) }
    : { isolated: chosen };
  const bucket = balances.data?.buckets.find((each) =>
    "tier" in place ? each.tier === place.tier && each.symbol === null : each.symbol === place.isolated,
  );
  const inBucket =
    symbol === "USD"
      ? (bucket?.withdrawable ?? "0")
      : (bucket?.holdings.find(({ asset }) => asset === symbol)?.amount ?? "0");
  const inVault = balances.data?.vault.find(({ asset }) => asset === symbol)?.amount ?? "0";
  const available = way === "allocate" ? inVault : inBucket;
  const move = useMove(client, balances.again);
  const asset = client.directory.assets.find((each) => each.symbol === symbol);
  const fault = faultOf(asset, amount);
  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const sum: Sum = { account, asset: symbol, amount };
    const isDone = await move.attempt(
      () => (way === "allocate" ? allocate(client, sum, place) : deallocate(client, sum, place)),
      () => `${grouped(amount)} ${symbol} ${way === "allocate" ? "allocated" : "back in the vault"}`,
    );
    if (isDone) setAmount("");
  };
  return (
    <Panel title="Between vault and compartments" isStale={balances.isStale} sequence={balances.sequence}>
      <form
        className={styles.form}
        onSubmit={(event) => void send(event)}
        noValidate
        aria-label="Between vault and compartments"
      >
        <Select<Way>
          label="Direction"
          value={way}
          options={[
            { value: "allocate", text: "Vault → compartment" },
            { value: "deallocate", text: "Compartment → vault" },
          ]}
          onChange={setWay}
        />
        <Select label="Compartment" value={chosen} options={places} onChange={setTo} />
        <AssetSelect client={client} value={symbol} onChange={setSymbol} />
        <AmountField
          amount={amount}
          onAmount={setAmount}
          symbol={symbol}
          available={available}
          fault={fault}
        />
        <p className={styles.note}>What is in a compartment can be lost there, and nowhere else.</p>
        {move.error !== undefined && <Failure error={move.error} what="Nothing was moved" asset={asset} />}
        <Button
          type="submit"
          look="primary"
          isBusy={move.isBusy}
          disabled={!canSign || amount === "" || fault !== undefined}
        >
          Sign and {way === "allocate" ? "allocate" : "take back"}
        </Button>
      </form>
    </Panel>
  );
}

function WithdrawPanel({ client, account, balances, canSign }: MoveProps): ReactNode {
  const [symbol, setSymbol] = useState("USD");
  const [amount, setAmount] = useState("");
  const move = useMove(client, balances.again);
  const asset = client.directory.assets.find((each) => each.symbol === symbol);
  const fault = faultOf(asset, amount);
  const available = balances.data?.vault.find((each) => each.asset === symbol)?.amount ?? "0";
  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const isDone = await move.attempt(
      () => withdraw(client, { account, asset: symbol, amount }),
      ({ facts }) =>
        facts["queued"] === undefined || facts["queued"] === 0
          ? `${grouped(amount)} ${symbol} released`
          : `${grouped(amount)} ${symbol} asked for: part of it waits in the queue`,
    );
    if (isDone) setAmount("");
  };
  return (
    <Panel title="Withdraw" note="from the vault, out of the venue" isStale={balances.isStale}>
      <form className={styles.form} onSubmit={(event) => void send(event)} noValidate aria-label="Withdraw">
        <AssetSelect client={client} value={symbol} onChange={setSymbol} />
        <AmountField
          amount={amount}
          onAmount={setAmount}
          symbol={symbol}
          available={available}
          fault={fault}
        />
        <Throttle />
        {move.error !== undefined && (
          <Failure error={move.error} what="Nothing was withdrawn" asset={asset} />
        )}
        <Button
          type="submit"
          look="primary"
          isBusy={move.isBusy}
          disabled={!canSign || amount === "" || fault !== undefined}
        >
          Sign and withdraw
        </Button>
      </form>
    </Panel>
  );
}

function useMove(client: Client, onDone: () => void) {
  const toast = useToast();
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  return {
    isBusy,
    error,
    attempt: async (act: () => Promise<Receipt>, told: (receipt: Receipt) => string): Promise<boolean> => {
      setBusy(true);
      setError(undefined);
      try {
        if (client.wallet === undefined) throw new NoWallet();
        const receipt = await act();
        toast({
          tone: "calm",
          title: told(receipt),
          detail: `Command #${receipt.sequence.toLocaleString("en-US")}`,
        });
        onDone();
        return true;
      } catch (thrown) {
        setError(thrown);
        return false;
      } finally {
        setBusy(false);
      }
    },
  };
}

function AssetSelect({
  client,
  value,
  onChange,
}: {
  readonly client: Client;
  readonly value: string;
  readonly onChange: (symbol: string) => void;
}): ReactNode {
  return (
    <Select
      label="Asset"
      value={value}
      options={client.directory.assets.map(({ symbol }) => ({ value: symbol, text: symbol }))}
      onChange={onChange}
    />
  );
}

function AmountField({
  amount,
  onAmount,
  symbol,
  available,
  fault,
}: {
  readonly amount: string;
  readonly onAmount: (amount: string) => void;
  readonly symbol: string;
  readonly available: string;
  readonly fault: string | undefined;
}): ReactNode {
  return (
    <Field
      label="Amount"
      value={amount}
      onChange={onAmount}
      inputMode="decimal"
      unit={symbol}
      fault={fault}
      hint={
        <button
          type="button"
          className={styles.all}
          title="Take all of it"
          onClick={() => onAmount(available)}
        >
          {grouped(available)} {symbol} free
        </button>
      }
    />
  );
}

function faultOf(asset: Asset | undefined, amount: string): string | undefined {
  if (asset === undefined || amount === "") return undefined;
  try {
    unitsOf(asset, amount, "");
    return undefined;
  } catch (error) {
    return (error as Error).message.replace(/^: ?/, "").replace(/; found .*$/, "");
  }
}
