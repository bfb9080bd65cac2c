/** Where contents of files are kept. A content is named by its SHA-256, so that equal ones are kept once; no name of a person's file is part of an address. */

export interface Range {
  /** First and last byte, both included. */
  readonly from: number
  readonly to: number
}

export interface FileStore {
  /** Where it is, for people. */
  readonly place: string
  /** Keeps the content of a local file, which may be moved away by it. Nothing happens when it is there. */
  put(key: string, path: string): Promise<void>
  /** Bytes; null when it is not there. */
  size(key: string): Promise<number | null>
  /** @throws Problem file.missing */
  read(key: string, range?: Range): Promise<AsyncIterable<Uint8Array>>
  remove(key: string): Promise<void>
}
