const gap = " … ";

/**
 * A text of at most so many characters. What is too much goes out of its middle: it begins with what was done, to what, and it
 * ends with what to do.
 */
export function shortened(text: string, most: number): string {
  if (text.length <= most) return text;
  const room = most - gap.length;
  // No character is cut in two.
  const head = text.slice(0, Math.ceil(room / 2)).replace(/[\uD800-\uDBFF]$/, "");
  const tail = text.slice(-Math.floor(room / 2)).replace(/^[\uDC00-\uDFFF]/, "");
  return `${head.trimEnd()}${gap}${tail.trimStart()}`;
}
