import { randomBytes } from 'node:crypto';

/** The request's own X-Ray trace, or a new one. Source: AWS X-Ray Developer Guide, "Tracing header". */
export function traceHeader(incoming: string | undefined, nowMs: number): string {
  if (incoming && /(^|;)Root=1-[0-9a-f]{8}-[0-9a-f]{24}(;|$)/.test(incoming)) return incoming;
  const seconds = Math.floor(nowMs / 1000).toString(16);
  return `Root=1-${seconds}-${randomBytes(12).toString('hex')}`;
}
