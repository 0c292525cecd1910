import { Construct } from 'constructs';
import { PrivilegedFunction, type PrivilegedFunctionSettings } from '../base/privileged-function';
import { AccessLogs, type LogsProps } from './access-logs';
import { type ContentAlarmProps, ContentAlarms } from './alarms';
import { ContentDashboard } from './dashboard';
import type { OperatedContent } from './operated-content';
import { attachWebAcl, type WebAclProps } from './web-acl';

export interface OperationsProps extends PrivilegedFunctionSettings, WebAclProps {
  /**
   * Access logs: of the distribution, of the bucket and, where asked for, of the API. `{}` for the defaults.
   *
   * @default - no access logs; the functions log who was granted what
   */
  readonly logs?: LogsProps;

  /**
   * Alarms about errors, refusals, latency, throttles and the key's age. `{}` for the defaults.
   *
   * @default - no alarms
   */
  readonly alarms?: ContentAlarmProps;

  /**
   * Whether to make a CloudWatch dashboard of the links, the distribution, the API and the key.
   *
   * @default false
   */
  readonly dashboard?: boolean;
}

/** What it takes to run a `PrivateContent` for long. Made after everything else of it. */
export class Operations extends Construct {
  readonly accessLogs: AccessLogs | undefined;
  readonly alarms: ContentAlarms | undefined;
  readonly dashboard: ContentDashboard | undefined;

  /** @throws PropertyError for the first property that cannot be. */
  constructor(scope: Construct, id: string, content: OperatedContent, props: OperationsProps) {
    super(scope, id);
    for (const one of scope.node.findAll()) if (one instanceof PrivilegedFunction) one.applySettings(props);
    if (props.tracing) content.api.enableTracing();
    attachWebAcl(this, content.distribution, props);
    this.accessLogs = props.logs && new AccessLogs(this, 'AccessLogs', content, props.logs);
    this.alarms = props.alarms && new ContentAlarms(this, 'Alarms', content, props.alarms);
    this.dashboard = props.dashboard
      ? new ContentDashboard(this, 'Dashboard', content, this.alarms?.unconditionalAlarms ?? [])
      : undefined;
  }
}
