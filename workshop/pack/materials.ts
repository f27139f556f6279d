import { Enums, Models, Serialize, Spec } from "@cyclonedx/cyclonedx-library";
import type { Bundled } from "./bundle";

/** The bill of materials of a plugin (CycloneDX): what is in its bundle. The same packages make the same bytes. */
export function materials(name: string, version: string, packages: readonly Bundled[]): string {
  const plugin = new Models.Component(Enums.ComponentType.Application, `pulumi-resource-${name}`, { version });
  plugin.bomRef.value = `pulumi-resource-${name}@${version}`;
  const bom = new Models.Bom({ metadata: new Models.Metadata({ component: plugin }) });
  for (const one of packages) {
    const [group, own] = one.name.startsWith("@") ? one.name.split("/") : [undefined, one.name];
    const purl = `pkg:npm/${one.name.replace("@", "%40")}@${one.version}`;
    const component = new Models.Component(Enums.ComponentType.Library, own ?? one.name, {
      ...(group === undefined ? {} : { group }),
      version: one.version,
      purl,
      bomRef: purl,
    });
    if (one.license !== "") component.licenses.add(new Models.LicenseExpression(one.license));
    bom.components.add(component);
    plugin.dependencies.add(component.bomRef);
  }
  const serializer = new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6));
  return `${serializer.serialize(bom, { sortLists: true, space: 2 })}\n`;
}
