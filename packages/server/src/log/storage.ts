/** What a log asks of a disk: a port, so that tests can stand on one that loses, tears and refuses. */

/** A file, open for reading and writing. */
export interface StoredFile {
  /** Its size when it was opened or created. */
  readonly bytes: number;
  /**
   * Writes all of it, or throws; beyond the end the file grows. What was written is durable, and the file as large, only once a later
   * `sync` has returned.
   */
  write(data: Uint8Array, at: number): Promise<void>;
  /** Reads as many bytes as there are, up to the target's length; returns how many. */
  read(target: Uint8Array, at: number): Promise<number>;
  /** Reads likewise into one target after another; no more than 1,024 of them. */
  scatter(targets: readonly Uint8Array[], at: number): Promise<number>;
  /** Makes everything written so far durable, or throws; after a throw nothing is known of what was written since the last one. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** The directory of one log. */
export interface Storage {
  /** Names of its files, in ascending order. */
  list(): Promise<string[]>;
  open(name: string): Promise<StoredFile>;
  /** A new file of so many zero bytes, durable with all of them; replaces one of that name. */
  create(name: string, bytes: number): Promise<StoredFile>;
  /** Gives a file another name, durably. */
  rename(name: string, to: string): Promise<void>;
  /** Removes a file, durably. */
  remove(name: string): Promise<void>;
}
