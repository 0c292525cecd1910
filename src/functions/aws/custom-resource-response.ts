import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';

export interface CustomResourceResult {
  readonly physicalResourceId: string;
  readonly data: Record<string, string>;
}

/**
 * Runs a custom resource's work and puts the outcome to the event's ResponseURL. Every path sends a response: a stack without one waits
 * for an hour.
 */
export async function respondToCloudFormation(
  event: CloudFormationCustomResourceEvent,
  work: () => Promise<CustomResourceResult>,
): Promise<void> {
  const outcome = await work().then(
    ({ physicalResourceId, data }) => ({ Status: 'SUCCESS', PhysicalResourceId: physicalResourceId, Data: data }),
    (error: Error) => ({
      Status: 'FAILED',
      Reason: `${error.name}: ${error.message}`,
      PhysicalResourceId: 'PhysicalResourceId' in event ? event.PhysicalResourceId : event.RequestId,
    }),
  );
  const { StackId, RequestId, LogicalResourceId } = event;
  await put(event.ResponseURL, JSON.stringify({ ...outcome, StackId, RequestId, LogicalResourceId }));
}

function put(url: string, body: string): Promise<void> {
  const request = url.startsWith('http:') ? httpRequest : httpsRequest;
  return new Promise((resolve, reject) => {
    // The URL is presigned without a content type: sending one breaks its signature.
    const headers = { 'Content-Type': '', 'Content-Length': Buffer.byteLength(body) };
    const outgoing = request(url, { method: 'PUT', headers }, (incoming) => {
      incoming.resume();
      const ok = (incoming.statusCode ?? 500) < 300;
      incoming.on('end', () =>
        ok ? resolve() : reject(new Error(`CloudFormation answered ${incoming.statusCode} to the custom resource`)),
      );
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
