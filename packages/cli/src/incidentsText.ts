/** The report of incidents for people: a table of all, or one at length. */
import { type IncidentReport, type Outcome, isWalled } from "@bulkhead/simulator";
import { count, roughUsd } from "./text/amounts.ts";
import { table } from "./text/table.ts";

export function incidentsText(reports: readonly IncidentReport[]): string {
  const heading = ["", "incident", "began", "loss", "undefended", "asserts", ""];
  const rows = reports.map((report) => {
    const { id, name, date, defended, undefended, asserts } = report;
    const held = asserts.filter((each) => each.held).length;
    return [
      id,
      name,
      date,
      money(defended.loss),
      money(undefended.loss),
      `${held}/${asserts.length}`,
      isWalled(report) ? "✔" : "✘",
    ];
  });
  const lines = ["", ...table([heading, ...rows], ["left", "left", "left"]), "", verdict(reports)];
  return `${lines.join("\n")}\n`;
}

function verdict(reports: readonly IncidentReport[]): string {
  const asserts = reports.flatMap((report) => report.asserts);
  const walled = reports.filter(isWalled).length;
  return walled === reports.length
    ? `✔ ${count(asserts.length)} asserts hold, and every one of ${reports.length} stories loses money without its defence.`
    : `✘ ${reports.length - walled} of ${reports.length} incidents are not stopped, or lose nothing without their defence.`;
}

export function incidentText(report: IncidentReport): string {
  const { id, name, date, mechanism, wall, facts, defended, undefended, asserts } = report;
  const lines = [
    "",
    `${id}  ${name}, ${date}`,
    "",
    ...facts.map(({ text, source }) => `  · ${text} (${source})`),
    "",
    `How it was lost   ${mechanism}`,
    `What stops it     ${wall}`,
    "",
    ...table([["", "defended", "undefended"], ...figures(defended, undefended)]),
    "",
    ...asserts.flatMap(({ text, held, measured, undefended: bare }) => [
      `${held ? "✔" : "✘"} ${text}`,
      `    ${measured}; undefended: ${bare.measured}${bare.held ? "" : ", which fails"}`,
    ]),
    "",
    ...refusals(defended),
    `  state ${defended.stateHash}`,
  ];
  return `${lines.join("\n")}\n`;
}

function figures(defended: Outcome, undefended: Outcome): string[][] {
  const rows = [
    ["loss of those who did nothing wrong", "loss"],
    ["deficits of bankrupt accounts", "badDebt"],
    ["attackers' gain", "attackerGain"],
    ["left the vault", "outflow"],
    ["winners' profits given up", "haircut"],
    ["paid by funds", "funds"],
    ["lost in other tiers", "otherTiersTouched"],
  ] as const;
  return [
    ...rows.map(([title, figure]) => [`  ${title}`, money(defended[figure]), money(undefended[figure])]),
    ["  commands", count(defended.commands), count(undefended.commands)],
  ];
}

function refusals({ refusals: byName }: Outcome): string[] {
  const told = Object.entries(byName).map(([name, times]) => `${name} ${count(times)}`);
  return told.length === 0 ? [] : [`  refused: ${told.join(", ")}`];
}

function money(microUsd: number): string {
  return microUsd === 0 ? "–" : roughUsd(BigInt(Math.round(microUsd)));
}
