/** What reading a log asks of whatever holds it: a disk, a node that is asked over HTTP, files that somebody dropped on a page. */

export interface LogFile {
  /** Its size when it was opened. */
  readonly bytes: number;
  /** Reads as many bytes as there are, up to the target's length; returns how many. */
  read(target: Uint8Array, at: number): Promise<number>;
  close(): Promise<void>;
}

export interface LogSource {
  /** Names of the files, in ascending order; those that are no segments are passed over. */
  list(): Promise<readonly string[]>;
  open(name: string): Promise<LogFile>;
}

export function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
