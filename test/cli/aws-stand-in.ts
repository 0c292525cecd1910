import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import { bareEnvironment, type CommandResult, run } from '../run-local';

export interface StandInAnswer {
  readonly status?: number;
  readonly body: string;
}

/** Answers by operation: `DescribeStacks`, `GetParameter`, or `GET /2020-05-31/distribution/E1`. A function is asked each time. */
export type StandInAnswers = Readonly<Record<string, StandInAnswer | (() => StandInAnswer)>>;

/** The services whose endpoint can be chosen by a variable of their own. */
const SERVICES = ['STS', 'CLOUDFORMATION', 'CLOUDFRONT', 'S3', 'SSM', 'API_GATEWAY', 'KMS', 'LAMBDA'];

/**
 * Stands for AWS in a handful of operations, with answers in the shapes of the API references; all else is an error. It shows that
 * the commands speak to AWS as documented, not that AWS answers so.
 */
export async function startStandIn(answers: StandInAnswers): Promise<Record<string, string>> {
  const server = createServer(async (request, response) => {
    const operation = operationOf(request, await text(request));
    const found = answers[operation];
    const { status = 200, body } = typeof found === 'function' ? found() : (found ?? notThere(operation));
    response.writeHead(status, { 'content-type': body.startsWith('{') ? 'application/json' : 'text/xml' }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return Object.fromEntries(SERVICES.map((service) => [`AWS_ENDPOINT_URL_${service}`, url]));
}

function operationOf({ method, url = '', headers }: IncomingMessage, body: string): string {
  const target = headers['x-amz-target'];
  if (typeof target === 'string') return target.split('.')[1] ?? '';
  const action = new URLSearchParams(body).get('Action');
  return action ?? `${method} ${url.replace('/?', '?').replace(/=$/, '')}`;
}

const notThere = (operation: string): StandInAnswer => ({
  status: 400,
  body: `<ErrorResponse><Error><Code>NotThere</Code><Message>no answer to ${operation}</Message></Error></ErrorResponse>`,
});

/** An answer of AWS's Query protocol. */
export const query = (operation: string, result: string): StandInAnswer => ({
  body: `<${operation}Response><${operation}Result>${result}</${operation}Result></${operation}Response>`,
});

export const queryError = (code: string, message: string): StandInAnswer => ({
  status: 400,
  body: `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`,
});

export const s3Error = (status: number, code: string): StandInAnswer => ({
  status,
  body: `<Error><Code>${code}</Code><Message>no</Message></Error>`,
});

export const WHO_AM_I = query('GetCallerIdentity', '<Account>111122223333</Account>');

export const COMMAND: string = join(__dirname, '..', '..', 'bin', 'edgepass.js');

/** A shell whose AWS is such a stand-in. */
export const environmentWith = async (answers: StandInAnswers): Promise<NodeJS.ProcessEnv> =>
  bareEnvironment({
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'example',
    ...(await startStandIn(answers)),
  });

/** Runs the command in it. */
export const edgepassOnAws = async (args: readonly string[], answers: StandInAnswers): Promise<CommandResult> =>
  run(process.execPath, [COMMAND, ...args], await environmentWith(answers));
