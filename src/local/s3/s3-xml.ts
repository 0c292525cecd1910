import { type Xml, xmlElements } from '../xml';

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';

/** A document as S3 writes it. */
export const xmlDocument = (root: string, content: Xml): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="${NAMESPACE}">${xmlElements(content)}</${root}>`;

/** S3's error document: no namespace. */
export const xmlError = (content: Xml): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${xmlElements(content)}</Error>`;
