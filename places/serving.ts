import type { Servers } from "../clients/servers";
import type { DeclaredAccount } from "../contract/run";
import type { Consumer } from "../contract/types/places";
import type { Members, ReadablePlace } from "./readers";

/** What a place is to hold. */
export interface Value {
  readonly token: string;
  /** The day on which it dies; written where the place has room for it. */
  readonly expiresAt?: string;
}

/** What a place shows. */
export interface Look {
  /** Empty where it holds none; undefined where it does not show it (a hidden variable). */
  readonly value: string | undefined;
  /** That all who see the place see the value, and that was not declared; in words. */
  readonly shown?: string | undefined;
}

/** What the places of an account are judged by, beside themselves. */
export interface Around {
  readonly account: string;
  /** Whether a tag is the mark of an item that this stack made. @default that any stack made */
  readonly isOurs?: (tag: string) => boolean;
  /** The accounts of the stack: no two may have one place. */
  readonly accounts: readonly DeclaredAccount[];
}

/** What can be done with places of a kind, over the server that has them. */
export interface ServedKind<T> {
  /** What one holds. @throws what the server said, also that it is not there */
  look(place: Consumer, at: Servers, isShown?: boolean): Promise<Look>;
  /** Has one hold a value, and nothing else of it changed. May be repeated. @throws why it could not be set, with what to do */
  write(place: Consumer, value: Value, at: Servers): Promise<void>;
  /** What writes to these would be refused for, as far as it can be told without one. */
  faults(targets: readonly T[], around: Around, at: Servers): Promise<readonly string[]>;
  /** One that is there only from the first rotation on, where it is not there yet; in words. */
  missing?(target: T, at: Servers): Promise<string | undefined>;
  /** Who can read one. */
  readers(target: T, at: Servers, members: Members): Promise<ReadablePlace>;
}
