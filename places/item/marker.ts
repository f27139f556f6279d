/**
 * The tag by which an item that a resource made is known again, should the run end before it is remembered: project, stack
 * and the resource's name, below `pulumi`, which 1Password shows as a tree.
 */
export function markerOf(urn: string): string {
  const [stack, project, , ...name] = urn.slice("urn:pulumi:".length).split("::");
  // A comma would end the tag.
  return ["pulumi", project, stack, name.join("::")].join("/").replaceAll(",", " ");
}

/** Whether a tag is such a mark of some resource. */
export function isMarker(tag: string): boolean {
  return /^pulumi\/[^/]+\/[^/]+\/./.test(tag);
}

/** Whether a tag is the mark of a resource of the stack that a URN is of. */
export function isMarkerOfStack(urn: string): (tag: string) => boolean {
  const [stack, project] = urn.slice("urn:pulumi:".length).split("::");
  return (tag) => tag.startsWith(`${["pulumi", project, stack].join("/").replaceAll(",", " ")}/`);
}
