import type { Context } from "hono";
import type { Parameters } from "./parameters";

/** Answer one page of a list, with GitLab's headers of offset pagination. `counted: false` leaves the totals out. */
export function page<T>(
  context: Context,
  parameters: Parameters,
  rows: readonly T[],
  render: (row: T) => object,
  options: { readonly counted?: boolean } = {},
): Response {
  const number = Math.max(1, parameters.integer("page") ?? 1);
  const size = Math.min(100, Math.max(1, parameters.integer("per_page") ?? 20));
  parameters.check();
  const pages = Math.max(1, Math.ceil(rows.length / size));
  const counted = (options.counted ?? true) && rows.length <= 10_000;
  const url = (to: number) => {
    const target = new URL(context.req.url);
    target.searchParams.delete("private_token");
    target.searchParams.set("page", String(to));
    target.searchParams.set("per_page", String(size));
    return target.toString();
  };
  const links: [string, number][] = [];
  if (number > 1) links.push(["prev", number - 1]);
  if (number < pages) links.push(["next", number + 1]);
  links.push(["first", 1]);
  if (counted) links.push(["last", pages]);
  const headers: Record<string, string> = {
    link: links.map(([rel, to]) => `<${url(to)}>; rel="${rel}"`).join(", "),
    "x-page": String(number),
    "x-per-page": String(size),
    "x-next-page": number < pages ? String(number + 1) : "",
    "x-prev-page": number > 1 ? String(number - 1) : "",
  };
  if (counted) {
    headers["x-total"] = String(rows.length);
    headers["x-total-pages"] = String(pages);
  }
  return context.json(rows.slice((number - 1) * size, number * size).map(render), 200, headers);
}
