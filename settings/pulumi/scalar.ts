import { Meaningless } from "../evaluation";
import { Moment } from "./moment";

/** What a scalar of a YAML file is to the Pulumi CLI. Whole numbers are `bigint`, all others `number`. */
export type Scalar = null | boolean | bigint | number | string | Moment;

const words: Readonly<Record<string, null | boolean | number>> = {
  ...{ true: true, True: true, TRUE: true, false: false, False: false, FALSE: false },
  ...{ "": null, "~": null, null: null, Null: null, NULL: null },
  ...{ ".nan": Number.NaN, ".NaN": Number.NaN, ".NAN": Number.NaN },
  ...Object.fromEntries([".inf", ".Inf", ".INF"].flatMap((word) => signed(word))),
};

function signed(word: string): readonly (readonly [string, number])[] {
  const infinity = Number.POSITIVE_INFINITY;
  return [
    [word, infinity],
    [`+${word}`, infinity],
    [`-${word}`, -infinity],
  ] as const;
}

const decimal = /^[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?$/;
const fraction = /^\.(?:\d|(?<=\d)_(?=\d))+([eE][-+]?\d+)?$/;

/**
 * What a scalar without quotes is by the rules of the CLI's reader (Go's `yaml.v3`): those of YAML 1.2, and of YAML 1.1 what
 * people still write: `010` is eight, `1_000` a thousand, `2026-11-23` a moment. `yes` and `off` are words.
 */
export function plain(text: string): Scalar {
  if (Object.hasOwn(words, text)) return words[text] ?? null;
  if (text.startsWith(".")) return fraction.test(text) ? Number(text.replaceAll("_", "")) : text;
  if (!/^[-+\d]/.test(text)) return text;
  const moment = Moment.of(text);
  if (moment !== undefined) return moment;
  const digits = text.replaceAll("_", "");
  const whole = integer(digits);
  if (whole !== undefined) return whole;
  const number = decimal.test(digits) ? Number(digits) : Number.NaN;
  return Number.isFinite(number) ? number : text;
}

/**
 * What a scalar is that carries a tag, such as `!!str 010`.
 *
 * @throws {@link Meaningless} when its own tag forbids it.
 */
export function tagged(text: string, tag: string): Scalar {
  const kind = tag.replace(/^tag:yaml\.org,2002:/, "!!");
  if (kind === "!!binary") return Buffer.from(text, "base64").toString();
  if (!["!!bool", "!!int", "!!float", "!!null", "!!timestamp"].includes(kind)) return text;
  const value = plain(text);
  if (kind === "!!float" && typeof value === "bigint") return Number(value);
  if (kindOf(value) === kind) return value;
  throw new Meaningless(`${text}, which is no ${kind}`);
}

function kindOf(value: Scalar): string {
  if (value === null) return "!!null";
  if (value instanceof Moment) return "!!timestamp";
  const kinds: Record<string, string> = { boolean: "!!bool", bigint: "!!int", number: "!!float" };
  return kinds[typeof value] ?? "!!str";
}

/** A whole number as Go reads it: a leading nought stands for base eight, `0b`, `0o` and `0x` for their bases. */
function integer(digits: string): bigint | undefined {
  const [, sign = "", rest = ""] = /^([-+]?)(\d.*)$/.exec(digits) ?? [];
  const based = /^0[0-7]+$/.test(rest) ? `0o${rest.slice(1)}` : rest;
  if (!/^(0b[01]+|0o[0-7]+|0x[\da-f]+|0|[1-9]\d*)$/i.test(based)) return undefined;
  const value = BigInt(based) * (sign === "-" ? -1n : 1n);
  const most = sign === "" ? 2n ** 64n - 1n : 2n ** 63n - 1n;
  return value <= most && value >= -(2n ** 63n) ? value : undefined;
}
