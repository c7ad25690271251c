import { PageBody } from '@devplatform/portal-react';
import { Route, Routes } from 'react-router-dom';
import { MyRequests } from './MyRequests';
import { RequestDetails } from './RequestDetails';
import { RequestForm } from './RequestForm';

export const RequestsPage = () => (
  <PageBody>
    <Routes>
      <Route path="/" element={<MyRequests />} />
      <Route path="/new" element={<RequestForm />} />
      <Route path="/:id" element={<RequestDetails />} />
    </Routes>
  </PageBody>
);
