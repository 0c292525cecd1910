/**
 * Parameter Store in miniature, over its JSON 1.1 protocol: PutParameter, GetParameter, GetParameters and DeleteParameter.
 * Source: AWS Systems Manager API Reference.
 *
 * Gaps: every other operation answers UnknownOperationException; parameter versions beyond a counter, labels, history, tiers but the
 * standard one, policies. Nothing checks whether a caller may use the KMS key that a parameter's KeyId names.
 *
 * By design: parameters are encrypted with AES-256-GCM under a key file beside them (`parameter-file.ts`), whatever KMS key a KeyId names,
 * so a SecureString read without decryption answers that ciphertext.
 */
import type { AwsRequest } from '../aws-request';
import { AccessDeniedError } from '../iam/authorize';
import type { SignatureErrorCode } from '../iam/signature-error';
import type { Service, ServiceApi, ServiceOptions, ServiceResponse } from '../service';
import { OPERATIONS, type OperationName, type SsmContext } from './operations';
import { openParameterFile } from './parameter-file';
import { ssmResourceTypes } from './resources';
import { SsmError } from './ssm-error';

export interface SsmOptions extends ServiceOptions {
  readonly dir: string;
}

export interface Ssm extends Service {
  readonly api: ServiceApi;
}

export function openSsm({ dir, region, accountId, authorize, now }: SsmOptions): Ssm {
  const context: SsmContext = { parameters: openParameterFile(dir), region, accountId, now };
  return {
    resourceTypes: ssmResourceTypes(context),
    api: {
      async answer(request) {
        try {
          const operation = operationOf(request);
          const input = await readInput(request);
          const { authorization, run } = OPERATIONS[operation];
          for (const resource of authorization.resources(input, context)) {
            authorize({ principal: request.principal, action: authorization.action, resource });
          }
          return jsonResponse(200, run(input, context), request.requestId);
        } catch (error) {
          const { code, message, status } = toSsmError(error);
          return jsonResponse(status, { __type: code, message }, request.requestId);
        }
      },
      refuse({ code: found, message }, requestId) {
        return jsonResponse(400, { __type: SIGNATURE_CODES[found] ?? found, message }, requestId);
      },
    },
    close: () => undefined,
  };
}

/** Source: AWS Systems Manager API Reference, "Common Errors"; its words for what the endpoint has found. */
const SIGNATURE_CODES: Partial<Record<SignatureErrorCode, string>> = {
  InvalidAccessKeyId: 'UnrecognizedClientException',
  InvalidToken: 'UnrecognizedClientException',
  SignatureDoesNotMatch: 'InvalidSignatureException',
};

function operationOf({ headers }: AwsRequest): OperationName {
  const name = String(headers['x-amz-target']).replace(/^AmazonSSM\./, '');
  if (Object.hasOwn(OPERATIONS, name)) return name as OperationName;
  throw new SsmError(
    'UnknownOperationException',
    `the local runtime does not have the operation ${name} (NotImplemented)`,
  );
}

async function readInput({ body }: AwsRequest): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk as Buffer);
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8')) as Record<string, unknown>;
  } catch {
    throw new SsmError('SerializationException', 'the body is not JSON');
  }
}

function toSsmError(error: unknown): SsmError {
  if (error instanceof SsmError) return error;
  if (error instanceof AccessDeniedError) return new SsmError('AccessDeniedException', error.message);
  process.emitWarning(error instanceof Error ? error : String(error));
  return new SsmError('InternalServerError', 'the parameter store failed');
}

function jsonResponse(status: number, body: object, requestId: string): ServiceResponse {
  const text = JSON.stringify(body);
  const headers = {
    'Content-Type': 'application/x-amz-json-1.1',
    'Content-Length': Buffer.byteLength(text),
    'x-amzn-RequestId': requestId,
  };
  return { status, headers, body: text };
}
