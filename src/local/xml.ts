/** A tree of elements: text, elements by name, or several of one name. */
export type Xml = string | number | boolean | undefined | { readonly [element: string]: Xml | readonly Xml[] };

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Control characters have to be written as references, or a parser would change or refuse them. */
const escapeText = (text: string): string =>
  text
    .replace(/[&<>"]/g, (character) => ESCAPES[character] ?? character)
    .replace(/\p{Cc}|[\ufffe\uffff]/gu, (character) => `&#x${character.charCodeAt(0).toString(16)};`);

/** Elements as text. A name may carry attributes. */
export function xmlElements(content: Xml): string {
  if (content === undefined) return '';
  if (typeof content !== 'object') return escapeText(String(content));
  return Object.entries(content)
    .flatMap(([name, value]) => (Array.isArray(value) ? value : [value]).map((item: Xml) => [name, item] as const))
    .map(([name, item]) => (item === undefined ? '' : `<${name}>${xmlElements(item)}</${name.replace(/ .*/s, '')}>`))
    .join('');
}

/** The contents of every such element; enough for the documents that clients send, whose elements never nest in themselves. */
export function elementsOf(xml: string, name: string): string[] {
  return [...xml.matchAll(new RegExp(`<${name}(?:\\s[^>]*)?>(.*?)</${name}>`, 'gs'))].map(
    ([, content = '']) => content,
  );
}

export const textsOf = (xml: string, name: string): string[] => elementsOf(xml, name).map(unescapeText);

export const textOf = (xml: string, name: string): string | undefined => {
  const [content] = elementsOf(xml, name);
  return content === undefined ? undefined : unescapeText(content);
};

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

const unescapeText = (text: string): string =>
  text.replace(/&(#x[0-9a-f]+|#\d+|\w+);/gi, (whole, name: string) => {
    if (/^#x/i.test(name)) return String.fromCodePoint(Number.parseInt(name.slice(2), 16));
    if (name.startsWith('#')) return String.fromCodePoint(Number(name.slice(1)));
    return ENTITIES[name] ?? whole;
  });
