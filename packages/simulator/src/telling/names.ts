/** Names by their codes: `namesOf({ normal: 0, caution: 1 })` is `["normal", "caution"]`. */
export function namesOf(codes: Readonly<Record<string, number>>): readonly string[] {
  const names: string[] = [];
  for (const [name, code] of Object.entries(codes)) names[code] = name;
  return names;
}
