/** A market as it trades: its candles, its depth, its book, what was traded. */
import { Icon } from "../ui/Icon.tsx";
import { type ReactNode, useMemo } from "react";
import { useLocation, useParams } from "wouter";
import { Candles } from "../charts/Candles.tsx";
import { Depth } from "../charts/Depth.tsx";
import { useBook } from "../live/book.ts";
import { useChannel } from "../live/channel.ts";
import { useRoute } from "../live/route.ts";
import { useClient } from "../live/venue.tsx";
import { Amount, Percent, Price } from "../ui/Amount.tsx";
import { Empty } from "../ui/Empty.tsx";
import { Columns, PageHead, Stack } from "../ui/Page.tsx";
import { Panel } from "../ui/Panel.tsx";
import { Select } from "../ui/Select.tsx";
import { Loading } from "../ui/Skeleton.tsx";
import { Stat } from "../ui/Stat.tsx";
import { type Column, Table } from "../ui/Table.tsx";
import { When } from "../ui/When.tsx";

type Trade = NonNullable<ReturnType<typeof useTrades>["data"]>["items"][number];

const useTrades = (symbol: string) => useChannel("trades", { symbol });

export function TradePage(): ReactNode {
  const { symbol: asked } = useParams<{ readonly symbol?: string }>();
  const [, go] = useLocation();
  const instruments = useClient()?.venue.names.instruments;
  if (instruments === undefined) return <Loading lines={8} />;
  const instrument =
    asked === undefined ? instruments[0] : instruments.find(({ symbol }) => symbol === asked);
  if (instrument === undefined) return <Empty title={`There is no market ${asked ?? ""}`} />;
  const { symbol } = instrument;
  return (
    <>
      <PageHead
        title={symbol}
        actions={
          <Select
            label="Market"
            isLabelHidden
            value={symbol}
            options={instruments.map((each) => ({ value: each.symbol, text: each.symbol }))}
            onChange={(to) => go(`/trade/${to}`)}
          />
        }
      />
      <Stack>
        <Ticker symbol={symbol} base={instrument.base} />
        <Columns least={420}>
          <Chart key={symbol} symbol={symbol} tickSize={instrument.tickSize} />
          <Book symbol={symbol} base={instrument.base} />
        </Columns>
        <Trades symbol={symbol} base={instrument.base} />
      </Stack>
    </>
  );
}

function Ticker({ symbol, base }: { readonly symbol: string; readonly base: string }): ReactNode {
  const { data, isStale, sequence } = useChannel("ticker", { symbol });
  return (
    <Panel title="Market" isStale={isStale} sequence={sequence}>
      <Columns least={130}>
        <Stat label="Mark, USD" size="large">
          <Price value={data?.mark} />
        </Stat>
        <Stat label="Index, USD">
          <Price value={data?.index} />
        </Stat>
        <Stat label="Funding, next">
          <Percent value={data?.nextFundingRate} places={4} isSigned />
        </Stat>
        <Stat label="Open interest">
          <Amount value={data?.openInterest} unit={base} isShort />
        </Stat>
        <Stat label="Volume, 24 h">
          <Amount value={data?.quoteVolume24h} unit="USD" isShort />
        </Stat>
      </Columns>
    </Panel>
  );
}

function Chart({ symbol, tickSize }: { readonly symbol: string; readonly tickSize: string }): ReactNode {
  const { data, isStale, sequence } = useChannel("candles", { symbol, interval: "1m" });
  const { data: earlier } = useRoute("candles", {
    params: { symbol },
    query: { interval: "1m", limit: 500 },
  });
  const candles = useMemo(() => {
    const first = data?.items[0]?.start ?? Infinity;
    return [...(earlier ?? []).filter(({ start }) => start < first), ...(data?.items ?? [])];
  }, [data, earlier]);
  return (
    <Panel title="Price" note="1 min, USD" isStale={isStale} sequence={sequence}>
      {candles.length === 0 ? (
        <Empty title="Nothing was traded yet" />
      ) : (
        <Candles
          caption={`${symbol}, candles of a minute, USD`}
          candles={candles}
          places={(tickSize.split(".")[1] ?? "").length}
        />
      )}
    </Panel>
  );
}

function Book({ symbol, base }: { readonly symbol: string; readonly base: string }): ReactNode {
  const { bids, asks, sequence, isStale } = useBook(symbol);
  return (
    <Panel title="Depth" note={`${base} up to a price`} isStale={isStale} sequence={sequence}>
      {sequence === 0 ? (
        <Loading />
      ) : (
        <Depth
          caption={`Depth of ${symbol}`}
          isCaptionHidden
          bids={bids}
          asks={asks}
          unit={base}
          height={380}
        />
      )}
    </Panel>
  );
}

function Trades({ symbol, base }: { readonly symbol: string; readonly base: string }): ReactNode {
  const { data, isStale, sequence } = useTrades(symbol);
  const columns = useMemo<readonly Column<Trade>[]>(
    () => [
      {
        name: "time",
        title: "Time",
        cell: ({ time }) => <When at={time} as="clock" />,
        value: ({ time }) => time,
      },
      {
        name: "side",
        title: "Taker",
        cell: ({ side }) => (
          <span>
            <Icon name={side === "buy" ? "up" : "down"} size={11} /> {side}
          </span>
        ),
        value: ({ side }) => side,
      },
      {
        name: "price",
        title: "Price, USD",
        align: "end",
        cell: ({ price, side }) => <Price value={price} direction={side === "buy" ? "up" : "down"} />,
        value: ({ price }) => price,
      },
      {
        name: "amount",
        title: `Amount, ${base}`,
        align: "end",
        cell: ({ amount }) => <Amount value={amount} unit={base} isUnitHidden />,
        value: ({ amount }) => amount,
      },
      { name: "kind", title: "Kind", cell: ({ kind }) => kind, value: ({ kind }) => kind, isMinor: true },
    ],
    [base],
  );
  return (
    <Panel title="Trades" isFlush isStale={isStale} sequence={sequence}>
      <Table
        label={`Trades of ${symbol}`}
        columns={columns}
        rows={data?.items.slice(0, 100) ?? []}
        keyOf={({ id }) => id}
        maxHeight="360px"
        empty={<Empty title="Nothing was traded yet" />}
      />
    </Panel>
  );
}
