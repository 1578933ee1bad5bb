/** A8: collateral that redeems elsewhere for its full worth trades far below it on one venue, which is where its price is taken from. */
import { collateralView } from "@bulkhead/engine";
import { priceText } from "../../telling/amounts.ts";
import type { Telling } from "../../telling/beat.ts";
import { atMost, claim, exactly } from "../claims.ts";
import { type Incident, incident } from "../incident.ts";
import { Stage } from "../stage.ts";
import { MINUTE, SECOND } from "../terms.ts";

const ETHER = 3_800;
/** What the venue's own books printed from 21:36 on: a stable of $1 and staked ether of about $4,100. */
const STABLE = [0.98, 0.9, 0.78, 0.65, 0.7, 0.85, 0.97];
const STAKED = [4_080, 3_300, 1_600, 430, 1_200, 2_900, 4_050];
const HOLDERS = 12;

interface Seen {
  /** The largest fall of a collateral's maintenance price, share. */
  readonly drop: number;
  readonly liquidations: number;
}

function* play(isDefended: boolean): Telling<{ stage: Stage; seen: Seen }> {
  const stage = new Stage();
  const bitcoin = stage.listMarket({
    name: "BTC",
    tick: 10,
    lot: 0.001,
    price: 110_000,
    initialMargin: 50_000,
  });
  stage.setTier("liquidationBuffer", 150_000);
  stage.appointBackstop(50_000_000);
  stage.set("backstopCap", 1_000_000, bitcoin);
  yield stage.beat("Bitcoin is listed at $110,000, twenty times leverage; a backstop of $50 m");
  const stable = stage.listAsset(1_000_000, 1, "USDe");
  const ether = stage.listAsset(1_000_000, ETHER, "ETH");
  const staked = stage.listAsset(1_000_000, 1.08 * ETHER, "wBETH");
  const accept = { kind: "acceptCollateral", tier: 1, cap: 1e15 } as const;
  stage.must({ ...accept, asset: stable, initialWeight: 930_000, maintenanceWeight: 950_000 });
  stage.must({ ...accept, asset: ether, initialWeight: 900_000, maintenanceWeight: 930_000 });
  stage.must({ ...accept, asset: staked, initialWeight: 880_000, maintenanceWeight: 910_000 });
  stage.printAsset(ether, ETHER);
  stage.printAsset(stable, 1);
  stage.printAsset(staked, 1.08 * ETHER);
  yield stage.beat("A stable dollar, ether and staked ether are taken as collateral");
  stage.openReporters();
  if (isDefended) {
    stage.askAssetReporters(ether, ETHER);
    const terms = { kind: "configureRedemption", tier: 1, maxAge: 60 * MINUTE, dailyStep: 5_000 } as const;
    stage.must({ ...terms, asset: stable, basis: 1, underlying: 0 });
    stage.must({ ...terms, asset: staked, basis: 2, underlying: ether });
    const told = {
      kind: "reportRedemption",
      tier: 1,
      reporter: 1,
      publishedAt: stage.now,
      sequence: 1,
    } as const;
    stage.must({ ...told, asset: stable, ratio: 1_000_000_000 });
    stage.must({ ...told, asset: staked, ratio: 1_080_000_000 });
  }
  yield stage.beat(
    isDefended
      ? "What redeems counts for what it redeems for: reporters say so"
      : "Collateral counts for what the venue's own books print",
  );
  const maker = stage.seat("honest", 20_000_000);
  const holders = Array.from({ length: HOLDERS }, (_, index) => {
    const account = stage.open("honest");
    const asset = index % 2 === 0 ? stable : staked;
    const amount = index % 2 === 0 ? 1_000_000 * 1e6 : 250 * 1e6;
    stage.depositAsset(account, asset, amount);
    return stage.pledge(account, asset, amount);
  });
  yield stage.beat("Six holders pledge a million stable dollars each, six others 250 staked ether");
  for (const holder of holders) stage.trade(holder, maker, bitcoin, 80_000, 110_000);
  yield stage.beat("Each is long 80,000 lots of bitcoin");
  stage.begin();

  const before = [stable, staked].map((asset) => collateralView(stage.engine.venue, 1, asset).price);
  let drop = 0;
  for (const [step, local] of STABLE.entries()) {
    stage.wait(30 * SECOND);
    stage.print(bitcoin, 110_000);
    // Reporters of ether look at many venues; the two local prints are what the venue's own books say.
    if (isDefended) stage.printAsset(ether, ETHER);
    yield stage.beat("Bitcoin stands at $110,000, and ether where it was");
    stage.printAsset(stable, local);
    yield stage.beat(`On the venue's own book the stable dollar prints ${priceText(local)}`);
    stage.printAsset(staked, STAKED[step] as number);
    stage.tick();
    const begun = stage.heard("liquidationStarted").length;
    yield stage.beat(
      `Staked ether prints ${priceText(STAKED[step] as number)}; ${begun} of 12 holders are liquidated`,
    );
    for (const [index, asset] of [stable, staked].entries()) {
      const { price } = collateralView(stage.engine.venue, 1, asset);
      drop = Math.max(drop, 1 - price / (before[index] as number));
    }
  }
  return { stage, seen: { drop, liquidations: stage.heard("liquidationStarted").length } };
}

export const STABLECOIN: Incident = incident<Seen>({
  id: "A8",
  name: "Binance, USDe and wBETH",
  date: "2025-10-10",
  layer: "oracle",
  mechanism: "Unified margin valued collateral at the venue's own empty books.",
  lost: "$283 m, which the venue paid back",
  wall: "assets that redeem count for what they redeem for; a price below that stops lending, and liquidates nobody",
  facts: [
    {
      text: "From 21:36 to 22:16 UTC a stable worth $0.97 to 1 elsewhere traded at $0.65",
      source: "Binance; press",
    },
    {
      text: "Staked ether stood at $430 while ether was about $3,800; staked SOL at $34.90",
      source: "press",
    },
    { text: "The venue paid back $283 m", source: "Binance" },
  ],
  play,
  claims: [
    claim("Collateral loses no more than 3 % of its maintenance value", ({ seen }) =>
      atMost(seen.drop, 0.03, "of its price"),
    ),
    claim("Nobody is liquidated by the local prices", ({ seen }) =>
      exactly(seen.liquidations, 0, "liquidations"),
    ),
  ],
});
