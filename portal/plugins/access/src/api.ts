import { createApiRef, FetchApi } from '@backstage/frontend-plugin-api';
import { Page, PlatformClient } from '@devplatform/portal-react';

export type Person = { ref: string; name: string | null };

/** Something that waits, or waited, for people to approve it: access, or a task of the scaffolder. */
export type Approval = {
  id: string;
  /** access.request, access.extension, scaffolder.task. */
  subjectType: string;
  subjectId: string;
  title: string;
  reason: string | null;
  requestedBy: Person;
  resource: string | null;
  environment: string | null;
  state: string;
  /** Groups, all of which must approve; in a group one of the keys (`role:…`, `lead:…`) does. */
  approvers: string[][];
  reviews: Array<{
    by: Person;
    decision: 'approve' | 'deny';
    comment: string | null;
    at: string;
  }>;
  createdAt: string;
  escalatedAt: string | null;
  expiresAt: string;
  decidedAt: string | null;
  /** What the caller may do now: `review`. */
  actions: string[];
};

/** A request for access. */
export type AccessRequest = {
  id: string;
  resource: string;
  target: string;
  environment: string;
  accessType: string;
  /** ISO 8601. */
  duration: string;
  justification: string;
  urgency: string;
  state: string;
  message: string | null;
  requestedBy: Person;
  createdAt: string;
  startAt: string | null;
  activatedAt: string | null;
  expiresAt: string | null;
  endedAt: string | null;
  approval: Approval | null;
  credential: { issuedAt: string; revokedAt: string | null } | null;
  teleport: {
    requestId: string | null;
    requestUrl: string | null;
    recordingsUrl: string | null;
  };
  /** What the caller may do now: review, cancel, credentials, extend, revoke. */
  actions: string[];
};

/** A database credential. It is shown once: never store it. */
export type Credential = {
  username: string;
  password: string;
  host: string | null;
  port: number | null;
  database: string | null;
  expiresAt: string;
};

export type NewAccessRequest = {
  resource: string;
  target?: string;
  accessType: string;
  duration?: string;
  justification: string;
  startAt?: string;
  urgency?: string;
};

/** One way in which access to an entity can be asked for. */
export type AccessOption = {
  target: string;
  accessType: string;
  /** ISO 8601. */
  defaultDuration: string;
  maximumDuration: string;
  /** As in an approval; empty: nobody needs to approve. */
  approvers: string[][];
};

export type AccessOptions = {
  resource: string;
  environment: string | null;
  items: AccessOption[];
  /** Why there are none. */
  problem: string | null;
};

export type RequestQuery = {
  view?: 'mine' | 'toReview' | 'all';
  resource?: string;
  state?: string[];
  limit?: number;
  cursor?: string;
};

/** States of requests that are not over. */
export const LIVE_STATES = ['Pending', 'Approved', 'Active'];

/** States of requests that are. */
export const ENDED_STATES = ['Expired', 'Revoked', 'Denied', 'Cancelled'];

export interface AccessApi {
  options(resource: string): Promise<AccessOptions>;
  requests(query: RequestQuery): Promise<Page<AccessRequest>>;
  request(id: string): Promise<AccessRequest>;
  create(request: NewAccessRequest): Promise<AccessRequest>;
  cancel(id: string): Promise<AccessRequest>;
  revoke(id: string, reason: string): Promise<AccessRequest>;
  extend(
    id: string,
    extension: { duration: string; justification: string },
  ): Promise<AccessRequest>;
  /** Has the credential made. It cannot be had a second time. */
  issueCredential(id: string): Promise<Credential>;
  approvals(query: {
    view: 'toReview' | 'mine' | 'all';
    cursor?: string;
  }): Promise<Page<Approval>>;
  review(
    approvalId: string,
    decision: 'approve' | 'deny',
    comment: string,
  ): Promise<Approval>;
}

export const accessApiRef = createApiRef<AccessApi>({
  id: 'plugin.access.api',
});

/** Calls `/api/access`. */
export class AccessClient implements AccessApi {
  private readonly client: PlatformClient;

  constructor(fetchApi: FetchApi) {
    this.client = new PlatformClient(fetchApi, 'access');
  }

  options(resource: string) {
    return this.client.get<AccessOptions>('/options', { resource });
  }

  requests(query: RequestQuery) {
    return this.client.get<Page<AccessRequest>>('/requests', query);
  }

  request(id: string) {
    return this.client.get<AccessRequest>(`/requests/${id}`);
  }

  create(request: NewAccessRequest) {
    return this.client.post<AccessRequest>('/requests', request);
  }

  cancel(id: string) {
    return this.client.post<AccessRequest>(`/requests/${id}/cancel`);
  }

  revoke(id: string, reason: string) {
    return this.client.post<AccessRequest>(`/requests/${id}/revoke`, {
      reason,
    });
  }

  extend(id: string, extension: { duration: string; justification: string }) {
    return this.client.post<AccessRequest>(`/requests/${id}/extend`, extension);
  }

  issueCredential(id: string) {
    return this.client.post<Credential>(`/requests/${id}/credentials`);
  }

  approvals(query: { view: string; cursor?: string }) {
    return this.client.get<Page<Approval>>('/approvals', query);
  }

  review(approvalId: string, decision: string, comment: string) {
    return this.client.post<Approval>(`/approvals/${approvalId}/review`, {
      decision,
      comment: comment || undefined,
    });
  }
}
