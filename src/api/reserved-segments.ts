/** First segments of the distribution's paths that are not the bucket's: the API, the web page, share links. No object key begins with one. */
export const RESERVED_SEGMENTS = ['_api', '_app', '_s'] as const;
