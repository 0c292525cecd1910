import { xmlDocument } from '../s3-xml';

/** Returns the access control list that buckets and objects have with ACLs off. */
export const ownerAcl = (ID: string): string =>
  xmlDocument('AccessControlPolicy', {
    Owner: { ID },
    AccessControlList: {
      Grant: {
        'Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="CanonicalUser"': { ID },
        Permission: 'FULL_CONTROL',
      },
    },
  });
