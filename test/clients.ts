import { S3Client } from '@aws-sdk/client-s3';
import type { ListedObject } from 'edgepass/client';
import type { Environment } from './run-local';

/** The AWS SDK's S3 client with nothing set but what `edgepass env` prints. */
export const s3Client = (environment: Environment): S3Client => new S3Client(awsConfig(environment));

/** For clients of the AWS SDK. Without an access key in the environment they find credentials as they do by themselves. */
export const awsConfig = (environment: Environment) => ({
  region: environment.AWS_REGION,
  ...(environment.AWS_ACCESS_KEY_ID !== undefined && {
    endpoint: environment.AWS_ENDPOINT_URL,
    credentials: {
      accessKeyId: environment.AWS_ACCESS_KEY_ID,
      secretAccessKey: environment.AWS_SECRET_ACCESS_KEY,
    },
  }),
});

/** `GET s3objects`, page after page. */
export async function listObjects(environment: Environment): Promise<ListedObject[]> {
  const objects: ListedObject[] = [];
  let cursor: string | null = null;
  do {
    const query = cursor === null ? '' : `?cursor=${encodeURIComponent(cursor)}`;
    const answer: Response = await callApi(environment, `s3objects${query}`);
    objects.push(...((await answer.json()) as ListedObject[]));
    cursor = answer.headers.get('x-next-cursor');
  } while (cursor !== null);
  return objects;
}

/** `POST urls`. */
export const postUrls = (environment: Environment, body: unknown): Promise<Response> =>
  callApi(environment, 'urls', { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) });

export async function signedUrl(environment: Environment, file: string): Promise<string> {
  const answer = await postUrls(environment, { file });
  if (answer.status !== 201) throw new Error(`POST urls answered ${answer.status}: ${await answer.text()}`);
  return ((await answer.json()) as { signedUrl: string }).signedUrl;
}

export const callApi = (environment: Environment, path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(environment.EDGEPASS_API_URL + path, {
    ...init,
    headers: { 'x-api-key': environment.EDGEPASS_API_KEY, ...init.headers },
  });
