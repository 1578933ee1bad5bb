/** Keeps a page that fails from taking the others with it. React has this as a class and not otherwise. */
import { Component, type ReactNode } from "react";
import { Fault } from "../ui/Fault.tsx";

export interface ErrorBoundaryProps {
  /** Of the page. */
  readonly what: string;
  readonly children: ReactNode;
}

interface State {
  readonly error: unknown;
}

export class ErrorBoundary extends Component<ErrorBoundaryProps, State> {
  override state: State = { error: undefined };

  static getDerivedStateFromError(error: unknown): State {
    return { error };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === undefined) return this.props.children;
    return (
      <Fault
        error={error}
        what={`${this.props.what} cannot be shown`}
        onAgain={() => this.setState({ error: undefined })}
      />
    );
  }
}
