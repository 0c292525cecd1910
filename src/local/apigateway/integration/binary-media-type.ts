/** Whether a Content-Type, or the first type of an Accept, is among an API's binary media types: by name, or by all of them. */
export function isBinaryMediaType(header: string | undefined, binaryMediaTypes: readonly string[]): boolean {
  const [mediaType] = (header ?? '').split(/[,;]/);
  return binaryMediaTypes.some((type) => type === '*/*' || type === mediaType?.trim());
}
