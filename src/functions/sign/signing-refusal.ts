import { EdgepassError, type EdgepassErrorCode } from '../../signing/errors';
import { RequestProblem } from '../http/api-handler';

/** What the signing core may refuse that the caller chose, and the field that says it. Anything else is a defect. */
const FIELDS: Readonly<Partial<Record<EdgepassErrorCode, string>>> = {
  ERR_OBJECT_KEY_INVALID: 'file',
  ERR_URL_TOO_LONG: 'file',
  ERR_DATE_ORDER: 'notBefore',
  ERR_IP_RANGE_INVALID: 'ipAddress',
  ERR_IP_RANGE_IPV6: 'ipAddress',
};

/** @param objectField Where the request names the object: `file`, `files[3]`, `prefix`. */
export function refuseAsProblem<T>(objectField: string, sign: () => T): T {
  try {
    return sign();
  } catch (error) {
    if (!(error instanceof EdgepassError)) throw error;
    if (error.code === 'ERR_DATE_UNIT') {
      throw new RequestProblem('ERR_INVALID_FIELD', `"notBefore" is out of range: ${error.message}.`, 'notBefore');
    }
    const field = FIELDS[error.code];
    if (field === undefined) throw error;
    throw new RequestProblem(error.code, `${error.message}.`, field === 'file' ? objectField : field);
  }
}
