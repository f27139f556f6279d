import { anchors, documents, keys, projects, secrets, structures } from "./files";

/** The files of a stack, to be read by the Pulumi CLI and by us. */
export interface Case {
  /** What is special about them. */
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  /** The stack. @default "prod" */
  readonly stack?: string;
  /** Whether a preview may judge otherwise than `pulumi config` does. */
  readonly previewed: boolean;
}

/** Scalars without quotes, and some that only look so. */
const scalars = [
  ...[
    "0",
    "7",
    "336",
    "-3",
    "+5",
    "010",
    "-010",
    "+010",
    "007",
    "08",
    "09",
    "0100",
    "02262",
    "00",
    "-0",
    "0o17",
    "0O17",
  ],
  ...[
    "0x1F",
    "0XfF",
    "-0x10",
    "0b11",
    "0B11",
    "-0b11",
    "0b",
    "0o9",
    "1_000",
    "1_0_0",
    "_1",
    "1_",
    "0_8",
    "0x_1",
    "1__0",
  ],
  ...[
    "1.0",
    "336.0",
    "1.5",
    "-1.5",
    ".5",
    "5.",
    "1e3",
    "1E3",
    "1e+3",
    "1.5e-3",
    "1e21",
    "1e-7",
    "1e6",
    "123456.789",
    "1e400",
  ],
  ...[".5_0", "-.5", "0.1", "00.5", "1_0.5", "1e1_0", ".", "-", "+", "..5", "1.2.3", "12:30", "12:30:45", "190:20:30"],
  ...["9007199254740993", "9223372036854775807", "9223372036854775808", "18446744073709551615", "18446744073709551616"],
  ...["-9223372036854775808", "-9223372036854775809", "0777777777777777777777", "99999999999999999999999"],
  ...["true", "True", "TRUE", "tRUE", "false", "False", "FALSE", "yes", "Yes", "no", "NO", "on", "Off", "y", "n"],
  ...["null", "Null", "NULL", "nULL", "~", "~x", "none", "nil", '""', "''", '"~"', '"null"', "'010'", '"2026-11-23"'],
  ...[".inf", "-.inf", "+.Inf", ".nan", ".NaN", "inf", "NaN", "Infinity", "+.nan", "-.nan"],
  ...[
    "2026-11-23",
    "2026-1-2",
    "2026-02-30",
    "2026-13-01",
    "0000-01-01",
    "2028-02-29",
    "2027-02-29",
    "20261123",
    "2026-11",
  ],
  ...[
    "2026-11-23T08:30:00Z",
    "2026-11-23t8:3:0Z",
    "2026-11-23 08:30:00",
    "2026-11-23  08:30:00",
    "2026-11-23T08:30:00",
  ],
  ...[
    "2026-11-23T08:30:00.120Z",
    "2026-11-23T08:30:00+02:00",
    "2026-11-23T08:30:00-05:30",
    "2026-11-23T08:30:00+00:00",
  ],
  ...["2026-11-23 08:30:00 Z", "2026-11-23T24:00:00Z", "2026-11-23T08:60:00Z", "2026-11-23 08:30", "2026-11-23T08:30Z"],
  ...["2026-11-23T00:00:00Z", "2026-11-23 00:00:00 +0000 UTC", "2026-11-23.2", "2026-11-23T08:30:00,5Z", "12026-11-23"],
  ...[
    "!!str 010",
    "!!str 2026-11-23",
    "!!int 7",
    "!!int '7'",
    "!!float 7",
    "!!bool 'true'",
    "!!int x",
    "!!bool yes",
    "!!null ''",
  ],
  ...[
    "!own x",
    "! 010",
    "!!binary aGVsbG8=",
    "!!timestamp '2026-11-23'",
    "!!timestamp x",
    "a<b>&c",
    "'it''s'",
    '"\\u00e9\\n<"',
  ],
  ...[
    "glpat",
    "@group",
    "word # comment",
    "a: b",
    "'[a, b]'",
    "'{a: 1}'",
    "[]",
    "{}",
    "'[\"x\"]'",
    "12e",
    "0x",
    "1,000",
  ],
];

const scalarCases: readonly Case[] = scalars.map((scalar) => ({
  name: `the scalar ${scalar}`,
  previewed: false,
  files: {
    "Pulumi.yaml": "name: pat-rotation\nruntime: nodejs\n",
    "Pulumi.prod.yaml": `config:\n  pat-rotation:x: ${scalar}\n  pat-rotation:y:\n    - z: ${scalar}\n    - ${scalar}\n`,
  },
}));

/** All of them; each name once. */
export const table: readonly Case[] = [
  ...scalarCases,
  ...[...keys, ...structures, ...anchors, ...documents, ...secrets, ...projects].map(([name, first, second, stack]) => {
    const [project, own] = second === undefined ? ["name: pat-rotation\n", first] : [first, second];
    const withRuntime = /^runtime:/m.test(project) ? project : `${project}runtime: nodejs\n`;
    const files = typeof own === "string" ? { "Pulumi.prod.yaml": own } : own;
    return {
      name,
      previewed: true,
      files: { "Pulumi.yaml": withRuntime, ...files },
      ...(stack === undefined ? {} : { stack }),
    };
  }),
];
