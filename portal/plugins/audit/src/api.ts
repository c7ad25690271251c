import { createApiRef, FetchApi } from '@backstage/frontend-plugin-api';
import { Page, PlatformClient } from '@devplatform/portal-react';

/** A row of the audit trail. */
export type AuditEvent = {
  sequence: number;
  eventId: string;
  occurredAt: string;
  actorRef: string;
  actorSubject?: string | null;
  sessionId?: string | null;
  action: string;
  resource?: string | null;
  result: string;
  reason?: string | null;
  requestId?: string | null;
  taskId?: string | null;
  commit?: string | null;
  before?: string | null;
  after?: string | null;
  previousHash: string;
  hash: string;
};

/** What to search for; everything given must match exactly. */
export type AuditFilter = {
  actor?: string;
  action?: string;
  resource?: string;
  result?: string;
  taskId?: string;
  /** ISO 8601. */
  from?: string;
  to?: string;
};

export type AuditVerification = {
  valid: boolean;
  count: number;
  headHash: string;
  brokenAt?: number | null;
  problem?: string | null;
};

export interface AuditApi {
  /** Newest first. */
  list(filter: AuditFilter, cursor?: string): Promise<Page<AuditEvent>>;
  verify(): Promise<AuditVerification>;
  /** JSON lines, oldest first. */
  export(filter: AuditFilter): Promise<Blob>;
}

export const auditApiRef = createApiRef<AuditApi>({ id: 'plugin.audit.api' });

const PAGE_SIZE = 50;

/** Calls `/api/identity/audit`. */
export class AuditClient implements AuditApi {
  private readonly client: PlatformClient;

  constructor(fetchApi: FetchApi) {
    this.client = new PlatformClient(fetchApi, 'identity');
  }

  async list(filter: AuditFilter, cursor?: string) {
    const { items, nextBefore } = await this.client.get<{
      items: AuditEvent[];
      nextBefore: number | null;
    }>('/audit', { ...filter, before: cursor, limit: PAGE_SIZE });
    return { items, nextCursor: nextBefore === null ? null : `${nextBefore}` };
  }

  verify() {
    return this.client.get<AuditVerification>('/audit/verify');
  }

  export(filter: AuditFilter) {
    return this.client.blob('/audit/export', filter);
  }
}
