/**
 * Every defence of a venue configured before its flow begins: reported prices and a mark made from the book, breakers on every signal, the
 * posture controller, liquidation with its funds, backstop and keepers, the throttle, and sealed governance.
 */
import { type Engine, FEED_KIND, PARAMETERS, type ParameterName, VENUE_PARAMETERS } from "@bulkhead/engine";
import { CENTRE } from "./flow.ts";
import { type Submit, submitter } from "./venueCommands.ts";
import { MARKETS } from "./venueFlow.ts";

const TIER = 1;
const QUOTE = 1;
const USD = 1_000_000;
/** The account that stands behind the venue; it trades in the flow like the others. */
const HOUSE = 1;
const REPORTERS = 3;
/** A mark is made from a feed once it has been reported; points are thousandths of a tick. */
const POINTS = 1_000;

const TIER_RULES: readonly (readonly [ParameterName, number])[] = [
  ["liquidationBuffer", 150_000],
  ["auctionStart", 2_000],
  ["auctionSpan", 60_000],
  ["insuranceDraw", 250_000],
  ["insuranceFees", 200_000],
  ["keeperShare", 300_000],
];
const MARKET_RULES: readonly (readonly [ParameterName, number])[] = [
  ["liquidationFee", 5_000],
  ["liquidationStep", 200_000],
  ["liquidationMinimum", 1_000 * USD],
  ["backstopCap", 100_000],
  ["underlying", 1],
  ["markBand", 15_000],
  ["fundingInterval", 3_600_000],
  ["interestRate", 12_500],
  ["stressMove", 100_000],
];
const THROTTLE = {
  throttleHour: 50_000,
  throttleDay: 150_000,
  throttleHourMinimum: 100_000 * USD,
  throttleDayMinimum: 300_000 * USD,
  throttleAssetHour: 100_000,
  throttleAssetDay: 300_000,
  laneUser: 1_000 * USD,
  laneTotal: 5_000,
} as const satisfies Readonly<Record<keyof typeof VENUE_PARAMETERS, number>>;

/** Configures everything through commands; nobody is refused an order for it. */
export function armVenue(engine: Engine): Engine {
  const submit = submitter(engine);
  const time = 2;
  const set = (tier: number, market: number, parameter: number, value: number): void =>
    submit({ kind: "setParameter", time, tier, market, parameter, value });

  payIn(submit, time);
  for (const [name, value] of TIER_RULES) set(TIER, 0, PARAMETERS[name].id, value);
  for (const name of Object.keys(THROTTLE) as (keyof typeof THROTTLE)[])
    set(0, 0, VENUE_PARAMETERS[name].id, THROTTLE[name]);
  for (let reporter = 1; reporter <= REPORTERS; reporter++)
    submit({ kind: "registerReporter", time, tier: TIER, reporter, operator: reporter, weight: 1_000_000 });
  for (let market = 1; market <= MARKETS; market++) {
    for (const [name, value] of MARKET_RULES) set(TIER, market, PARAMETERS[name].id, value);
    askReporters(submit, time, market);
    submit({ kind: "configureBreaker", time, tier: TIER, market, ...BREAKER });
  }
  submit({
    kind: "configurePosture",
    time,
    tier: TIER,
    enabled: 1,
    baseline: 0,
    insuranceTarget: 1_000 * USD,
  });
  for (const tier of [TIER, 0]) {
    for (let member = 1; member <= 3; member++)
      submit({ kind: "appointMember", time, tier, member, roles: 1 });
    submit({ kind: "sealGovernance", time, tier, threshold: 2, timelock: 86_400_000 });
  }
  submit({ kind: "clockTick", time, tier: TIER });
  return engine;
}

/** The layers of the waterfall, stakes in both funds, and the backstop. */
function payIn(submit: Submit, time: number): void {
  const amount = 1_000_000 * USD;
  const account = HOUSE;
  const asset = QUOTE;
  submit({ kind: "confirmDeposit", time, account, asset, amount: 10 * amount, reference: 2 ** 40 });
  for (const [layer, tier] of [
    [1, TIER],
    [2, TIER],
    [4, 0],
    [5, 0],
  ] as const)
    submit({ kind: "fundLayer", time, account, tier, layer, amount });
  submit({ kind: "stakeFund", time, account, tier: TIER, fund: 2, amount });
  submit({ kind: "stakeFund", time, account, tier: 0, fund: 5, amount });
  submit({ kind: "appointBackstop", time, tier: TIER, account });
}

function askReporters(submit: Submit, time: number, market: number): void {
  const feed = { tier: TIER, feedKind: FEED_KIND.market, id: market };
  submit({
    kind: "configureFeed",
    time,
    ...feed,
    reporters: 2 ** REPORTERS - 1,
    quorum: REPORTERS,
    sigma: 100_000,
    staleAfter: 3_000,
    deadAfter: 30_000,
    halfLife: 5_000,
    maxConfidence: 20_000,
    jump: 3_000,
    deviation: 2_500,
    divergence: 100_000,
    frozenAfter: 0,
    floor: 0,
  });
  for (let sequence = 1; sequence <= 2; sequence++) {
    for (let reporter = 1; reporter <= REPORTERS; reporter++) {
      const price = CENTRE * POINTS;
      submit({
        kind: "reportPrice",
        time,
        ...feed,
        reporter,
        price,
        confidence: POINTS,
        publishedAt: time,
        sequence,
      });
    }
  }
}

/** Every signal is looked at, at thresholds that the flow stays below. */
const BREAKER = {
  sigma: 140,
  softZ: 6,
  hardZ: 10,
  softMove: 100_000,
  hardMove: 200_000,
  divergence: 50_000,
  liquidationCapacity: 1_000_000 * USD,
  openInterestStep: 400_000,
  lossCapacity: 100_000 * USD,
  spreadFactor: 20,
  depthFloor: 50_000,
  cautionBand: 20_000,
  haltScore: 2_000_000,
  haltCost: 10,
} as const;
