import { deleteObject as row } from '../../api/calls/delete-object';
import { callS3, s3Error } from '../aws/s3';
import { type ApiHandler, createApiHandler, RequestProblem } from '../http/api-handler';
import { audit } from '../http/audit';
import { checkKey, requireScope } from '../http/authorize-key';
import { callerOf } from '../http/caller';

/** `DELETE /s3objects/{key+}`: whether there was such an object or not, there is none then. */
const deleteObject: ApiHandler = async (event) => {
  const caller = callerOf(event);
  const key = readKey(event.pathParameters?.key ?? '');
  checkKey(key, 'key');
  requireScope(caller, 'delete', key, 'key');
  const response = await callS3(key, '', { method: 'DELETE' });
  if (response.status !== 204) throw s3Error(response);
  audit(event, caller, { action: 'delete', file: key });
  return { statusCode: 204, body: '' };
};

export const handler: ApiHandler = createApiHandler(row, { deleteObject });

/** REST APIs hand a path's parameters on as they were sent, percent-encoded. */
function readKey(parameter: string): string {
  try {
    return decodeURIComponent(parameter);
  } catch {
    throw new RequestProblem('ERR_INVALID_FIELD', '"key" has to be a percent-encoded object key in UTF-8.', 'key');
  }
}
