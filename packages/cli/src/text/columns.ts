/** Text that has to fit: broken at spaces, and two columns beside each other. */

/**
 * Lines of at most `width` characters; a word that is longer stands alone.
 * @param rest - what every line but the first begins with
 * @param first - what the first begins with
 */
export function wrap(text: string, width: number, rest = "", first = ""): string[] {
  const lines: string[] = [];
  let line = first;
  let isEmpty = true;
  for (const word of text.split(" ")) {
    const longer = isEmpty ? line + word : `${line} ${word}`;
    if (longer.length <= width || isEmpty) {
      line = longer;
    } else {
      lines.push(line);
      line = rest + word;
    }
    isEmpty = false;
  }
  return [...lines, line];
}

/** Two columns, the left one `width` wide, with a rule between them. */
export function besideEachOther(left: readonly string[], right: readonly string[], width: number): string[] {
  return Array.from({ length: Math.max(left.length, right.length) }, (_, index) =>
    `${(left[index] ?? "").padEnd(width)} │ ${right[index] ?? ""}`.trimEnd(),
  );
}
