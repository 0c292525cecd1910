import type { Page } from 'playwright-core';

/** A request as a page sent it over the network, and the head of its answer. */
export interface SeenRequest {
  readonly path: string;
  readonly signedBy: 'query' | 'cookies' | 'nothing';
  readonly range: string | undefined;
  readonly ifNoneMatch: string | undefined;
  readonly status: number;
  readonly contentRange: string | undefined;
}

export interface PageTraffic {
  /** What has been answered so far. */
  seen(): SeenRequest[];
  /** Bytes of answers that have reached the page, be it from the network or from Chromium's own cache. */
  receivedBytes(): number;
}

type HeaderLines = Readonly<Record<string, string | undefined>>;

/** A request of Chromium's has several urls after redirects, and several exchanges also when its cache has parts of the answer. */
interface Exchange {
  readonly requestId: string;
  readonly nth: number;
  readonly sent: HeaderLines;
  status?: number;
  responseHeaders?: HeaderLines;
}

/** Watches a page until it is closed. */
export async function watchTraffic(page: Page): Promise<PageTraffic> {
  const urls = new Map<string, string[]>();
  const exchanges: Exchange[] = [];
  let bytes = 0;
  const session = await page.context().newCDPSession(page);
  session.on('Network.requestWillBeSent', ({ requestId, request }) => {
    urls.set(requestId, [...(urls.get(requestId) ?? []), request.url]);
  });
  session.on('Network.requestWillBeSentExtraInfo', ({ requestId, headers }) => {
    const nth = exchanges.filter((exchange) => exchange.requestId === requestId).length;
    exchanges.push({ requestId, nth, sent: lowerCase(headers) });
  });
  session.on('Network.responseReceivedExtraInfo', ({ requestId, statusCode, headers }) => {
    const exchange = exchanges.find((open) => open.requestId === requestId && open.status === undefined);
    if (exchange) Object.assign(exchange, { status: statusCode, responseHeaders: lowerCase(headers) });
  });
  session.on('Network.dataReceived', ({ dataLength }) => {
    bytes += dataLength;
  });
  await session.send('Network.enable');
  return {
    receivedBytes: () => bytes,
    seen: () =>
      exchanges.flatMap((exchange) => {
        const url = urls.get(exchange.requestId) ?? [];
        return describe(exchange, url[exchange.nth] ?? url.at(-1));
      }),
  };
}

function describe({ sent, status, responseHeaders }: Exchange, url: string | undefined): SeenRequest[] {
  if (url === undefined || status === undefined) return [];
  const { pathname, searchParams } = new URL(url);
  const hasCookie = sent.cookie?.includes('CloudFront-Signature=');
  return [
    {
      path: pathname,
      signedBy: searchParams.has('Signature') ? 'query' : hasCookie ? 'cookies' : 'nothing',
      range: sent.range,
      ifNoneMatch: sent['if-none-match'],
      status,
      contentRange: responseHeaders?.['content-range'],
    },
  ];
}

const lowerCase = (headers: HeaderLines): HeaderLines =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
