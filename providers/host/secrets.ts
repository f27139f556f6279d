import { withoutCredentials } from "../../ground/credential";
import { visible } from "../../ground/visible";
import { isRecord, type Path, pathText } from "./path";

/** Shorter texts say too little to be recognised by: blotting out every "a" would make a message unreadable. */
const recognisable = 6;

/** Environment variables whose values are credentials of our own. */
const credentials = ["GITLAB_TOKEN", "OP_CONNECT_TOKEN", "OP_SERVICE_ACCOUNT_TOKEN"];

/**
 * The secrets of one call: where they stood in what the engine sent, and their texts, so that a secret stays one wherever
 * a handler puts it, and never leaves in a message.
 */
export class Secrets {
  readonly #places = new Set<string>();
  readonly #texts = new Set<string>();

  constructor(env: NodeJS.ProcessEnv = process.env) {
    for (const name of credentials) {
      this.learn(env[name]);
    }
  }

  /** Remembers that the value at this place is secret, and every text inside it. */
  add(place: Path, value: unknown): void {
    this.#places.add(pathText(place));
    this.learn(value);
  }

  /** Remembers every text inside a secret value. */
  learn(value: unknown): void {
    if (typeof value === "string" && value.length >= recognisable) {
      this.#texts.add(value);
    } else if (Array.isArray(value)) {
      value.forEach((element) => {
        this.learn(element);
      });
    } else if (isRecord(value)) {
      this.learn(Object.values(value));
    }
  }

  /** Whether a value at this place must be stored as a secret. */
  holds(place: Path, value: unknown): boolean {
    return this.#places.has(pathText(place)) || (typeof value === "string" && this.#inside(value));
  }

  /**
   * A text as it may be told: every secret is blotted out, also where it is escaped for JSON, a URL or base64, and what others
   * put into it does nothing to a terminal or to its readers.
   */
  scrub(text: string): string {
    let clean = text;
    // Longest first: one secret may be a part of another.
    for (const secret of [...this.#texts].sort((a, b) => b.length - a.length)) {
      for (const form of forms(secret)) {
        clean = clean.replaceAll(form, "[secret]");
      }
    }
    // Nobody said that it is secret, as of a token that was pasted where none belongs.
    return visible(withoutCredentials(clean, "[secret]"));
  }

  #inside(text: string): boolean {
    for (const secret of this.#texts) {
      if (text.includes(secret)) {
        return true;
      }
    }
    return false;
  }
}

function forms(secret: string): Set<string> {
  return new Set([
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret),
    Buffer.from(secret).toString("base64"),
  ]);
}
