import { describe, expect, test } from "vitest";
import { BUY, Desk, SELL, answer, idOf, tale } from "./desk.ts";

describe("the vault", () => {
  test("a deposit comes from outside, once per chain receipt", () => {
    const desk = new Desk();
    const account = desk.account(0);
    const deposit = { account, asset: 1, amount: 70, reference: 5 };

    const first = desk.send("confirmDeposit", deposit);
    expect(answer(first)).toBe("accepted 70");
    expect(tale(first)).toEqual(["balanceMoved 1 70 0 1000001"]);
    expect(answer(desk.send("confirmDeposit", deposit))).toBe("deposit_already_confirmed 5 5");
    expect(answer(desk.send("confirmDeposit", { ...deposit, reference: 9 }))).toBe("accepted 140");
    expect(desk.auditor.state().assets[0]).toMatchObject({ held: 140n, lastReference: 9 });
  });

  test("a deposit is refused for the first guard that holds", () => {
    const desk = new Desk();
    expect(answer(desk.send("confirmDeposit", { account: 1, asset: 9, amount: 1, reference: 1 }))).toBe(
      "account_unknown 1",
    );
    const account = desk.account(100);
    expect(answer(desk.deposit(account, 1, 2))).toBe("asset_unknown 2");
    expect(answer(desk.deposit(account, 2 ** 51))).toBe(`asset_held_cap 100 ${2 ** 51}`);
    expect(answer(desk.deposit(account, 2 ** 51 - 100))).toBe(`accepted ${2 ** 51}`);
  });

  test("a withdrawal is pending until it is paid or returned, and its id never returns", () => {
    const desk = new Desk();
    const account = desk.account(100);
    const request = { account, asset: 1, amount: 30 };

    const first = desk.send("requestWithdrawal", request);
    expect(answer(first)).toBe(`accepted ${idOf(1)} 70`);
    expect(tale(first)).toEqual(["balanceMoved 1 30 1000001 2"]);
    expect(answer(desk.send("requestWithdrawal", request))).toBe(`accepted ${idOf(2)} 40`);
    expect(answer(desk.send("requestWithdrawal", { ...request, amount: 41 }))).toBe(
      "balance_insufficient 40 41",
    );

    const paid = desk.send("finaliseWithdrawal", { withdrawal: idOf(1), paid: 1 });
    expect(answer(paid)).toBe("accepted 30");
    expect(tale(paid)).toEqual(["balanceMoved 1 30 2 0"]);
    const returned = desk.send("finaliseWithdrawal", { withdrawal: idOf(2), paid: 0 });
    expect(tale(returned)).toEqual(["balanceMoved 1 30 2 1000001"]);
    expect(answer(desk.send("finaliseWithdrawal", { withdrawal: idOf(2), paid: 0 }))).toBe(
      `withdrawal_unknown ${idOf(2)}`,
    );
    expect(desk.auditor.state().assets[0]).toMatchObject({ held: 70n, pending: 0n });
    // The slot freed last is taken first, one generation later.
    expect(answer(desk.send("requestWithdrawal", request))).toBe(`accepted ${idOf(2, 2)} 40`);
    expect(desk.auditor.violations()).toEqual([]);
  });

  test("tables have ends", () => {
    const desk = new Desk({ capacities: { accounts: 1, balances: 1, withdrawals: 1, buckets: 1 } });
    desk.must("listAsset", { scale: 100 });
    const account = desk.account(10);
    expect(answer(desk.send("openAccount", {}))).toBe("account_capacity_reached 1");
    expect(answer(desk.deposit(account, 10, 2))).toBe("balance_capacity_reached 1");
    desk.must("requestWithdrawal", { account, asset: 1, amount: 1 });
    expect(answer(desk.send("requestWithdrawal", { account, asset: 1, amount: 1 }))).toBe(
      "withdrawal_capacity_reached 1",
    );
    desk.market();
    desk.must("allocate", { account, tier: 1, mode: 0, asset: 1, amount: 1 });
    expect(answer(desk.send("allocate", { account, tier: 1, mode: 1, asset: 1, amount: 1 }))).toBe(
      "bucket_capacity_reached 1",
    );
  });
});

describe("allocation", () => {
  test("goes through transit into the tier's custody, and back", () => {
    const desk = new Desk();
    const account = desk.account(100);
    const request = { account, tier: 1, mode: 0, asset: 1, amount: 60 };

    expect(answer(desk.send("deallocate", request))).toBe("bucket_unknown 0");
    const allocated = desk.send("allocate", request);
    expect(answer(allocated)).toBe("accepted 1 60");
    expect(tale(allocated)).toEqual([
      "balanceMoved 1 60 1000001 1",
      "bucketMoved 1 1 60",
      "balanceMoved 1 60 1 1001",
    ]);
    expect(answer(desk.send("allocate", request))).toBe("balance_insufficient 40 60");
    expect(answer(desk.send("deallocate", { ...request, amount: 61 }))).toBe(
      "bucket_amount_insufficient 60 61",
    );
    expect(tale(desk.send("deallocate", request))).toEqual([
      "bucketMoved 1 1 -60",
      "balanceMoved 1 60 1001 1",
      "balanceMoved 1 60 1 1000001",
    ]);
    expect(desk.auditor.violations()).toEqual([]);
  });

  test("collateral is accepted up to a cap and counts at its weights, rounded down twice", () => {
    const desk = new Desk();
    desk.market();
    desk.must("listAsset", { scale: 1_000 });
    const account = desk.account(0);
    desk.deposit(account, 5_000, 2);
    const request = { account, tier: 1, mode: 0, asset: 2, amount: 1_999 };
    expect(answer(desk.send("allocate", request))).toBe("collateral_not_accepted 2");
    const terms = { tier: 1, asset: 2, initialWeight: 500_000, maintenanceWeight: 900_000, cap: 2_000 };
    expect(answer(desk.send("acceptCollateral", { ...terms, initialWeight: 950_000 }))).toBe(
      "weight_order 950000 900000",
    );
    expect(answer(desk.send("acceptCollateral", { ...terms, asset: 1 }))).toBe("collateral_is_quote 1");
    desk.must("acceptCollateral", terms);
    const [bucket = 0] = desk.must("allocate", request);
    expect(answer(desk.send("allocate", { ...request, amount: 2 }))).toBe(
      "collateral_cap_reached 1999 2 2000",
    );

    // 1 999 units at 3 micro-USD per 1 000 units are 5.997 → 5, at one half 2.5 → 2: no order of 21 needs as little.
    desk.must("updateCollateralPrice", { tier: 1, asset: 2, price: 3 });
    const trader = { account, bucket };
    expect(answer(desk.place(trader, BUY, 1, 100))).toBe("margin_insufficient 2 10");
    expect(answer(desk.place(trader, BUY, 1, 20, { flags: 1 }))).toBe("margin_insufficient 2 10");
    desk.must("updateCollateralPrice", { tier: 1, asset: 2, price: 11 });
    // 21.989 → 21, at one half 10.5 → 10.
    expect(desk.place(trader, BUY, 1, 100).outcome).toBe("accepted");
  });

  test("unrealised profit does not leave, and what stays covers initial margin", () => {
    const desk = new Desk();
    desk.market();
    const [long, short] = [desk.trader(1_000), desk.trader(1_000)];
    desk.place(short, SELL, 10, 100);
    desk.place(long, BUY, 10, 100);
    desk.mark(120);
    const take = (account: number, amount: number): string =>
      answer(desk.send("deallocate", { account, tier: 1, mode: 0, asset: 1, amount }));

    // Both must keep 10 % of 1 200; the long's profit of 200 does not count, the short's loss of 200 does.
    expect(take(long.account, 881)).toBe("free_collateral_insufficient 119 120");
    expect(take(long.account, 880)).toBe("accepted 1 120");
    expect(take(short.account, 681)).toBe("free_collateral_insufficient 119 120");
    expect(take(short.account, 680)).toBe("accepted 2 320");
  });
});
