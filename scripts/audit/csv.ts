import type { FoundRecord } from "./records";

const columns: Readonly<Record<string, (record: FoundRecord) => string | number | boolean | undefined>> = {
  at: ({ at }) => at,
  event: ({ event }) => event,
  fleet: ({ fleet }) => fleet,
  account: ({ account }) => account,
  username: ({ username }) => username,
  generation: ({ generation }) => generation,
  tokenId: ({ tokenId }) => tokenId,
  expiresAt: ({ expiresAt }) => expiresAt,
  provedAt: ({ provedAt }) => provedAt,
  places: ({ places }) => places.join("; "),
  proofs: ({ proofs }) => proofs.map(({ status, url }) => `${status} ${url}`).join("; "),
  told: ({ told }) => told.join(" "),
  predecessors: ({ predecessors }) =>
    predecessors.map(({ generation, tokenId, status }) => `${generation} (${tokenId ?? "none"}): ${status}`).join("; "),
  user: ({ run }) => run.user,
  commit: ({ run }) => run.commit,
  mergeRequest: ({ run }) => run.mergeRequest,
  pipeline: ({ run }) => run.pipeline,
  job: ({ run }) => run.job,
  comment: ({ comment }) => comment,
  writtenAt: ({ writtenAt }) => writtenAt,
  edited: ({ edited }) => edited,
};

/** The records as CSV (RFC 4180), with a line of names. */
export function csv(records: readonly FoundRecord[]): string {
  const lines = records.map((record) => Object.values(columns).map((read) => cell(read(record) ?? "")));
  return [Object.keys(columns), ...lines].map((line) => `${line.join(",")}\r\n`).join("");
}

/** A spreadsheet would carry out a cell that begins like a formula. */
function cell(value: string | number | boolean): string {
  const text = String(value);
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
