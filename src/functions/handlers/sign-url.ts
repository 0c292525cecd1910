import { signUrl } from '../../api/calls/sign-url';
import { type ApiHandler, createApiHandler } from '../http/api-handler';
import { signFolder } from '../sign/sign-folder';
import { signUrls } from '../sign/sign-urls';

/** `POST /urls` and `POST /folders`. */
export const handler: ApiHandler = createApiHandler(signUrl, { signUrls, signFolder });
