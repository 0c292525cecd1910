import { AccessDeniedError, authorize } from '../../iam/authorize';
import type { Principal } from '../../iam/principal';
import { GatewayError } from '../errors';
import type { Attempt } from './authorization-request';

/**
 * Whether the principal's policies let it call the method. Source: API Gateway Developer Guide, "Control access to an API with IAM
 * permissions": `execute-api:Invoke`.
 *
 * @param message what the client hears when no statement allows
 */
export function evaluate({ methodArn, sourceIp, nowMs }: Attempt, principal: Principal, message: string): void {
  try {
    authorize({
      principal,
      action: 'execute-api:Invoke',
      resource: methodArn,
      context: {
        'aws:SourceIp': sourceIp,
        'aws:CurrentTime': new Date(nowMs).toISOString(),
        'aws:EpochTime': String(Math.floor(nowMs / 1000)),
      },
    });
  } catch (error) {
    if (!(error instanceof AccessDeniedError)) throw error;
    throw new GatewayError('ACCESS_DENIED', {
      message: error.isExplicit ? `${message} with an explicit deny` : message,
    });
  }
}
