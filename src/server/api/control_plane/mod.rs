//! The control plane: makes and ends sandboxes, runs commands in them, moves
//! files, and leads requests to their desktops.

mod files;
mod presigned;
mod target;

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::State,
    http::StatusCode,
    routing::{get, post},
};

use self::presigned::Presigned;
pub(super) use self::target::SandboxAddress;
use super::{
    execute,
    extract::{Body, Parameters, Segment},
    fields::Fields,
    refusal::Refusal,
};
use crate::{
    desktop::wire::{CreateSandbox, ExecuteResult, Sandbox, SandboxList, SandboxState, limits},
    server::sandboxes::Sandboxes,
};

/// The members of a page of sandboxes unless the request says otherwise.
const PAGE_SIZE: u32 = 20;

/// What the control plane's paths work with.
pub(super) struct Plane {
    pub(super) sandboxes: Sandboxes,
    pub(super) presigned: Presigned,
}

type Shared = State<Arc<Plane>>;

impl Plane {
    pub(super) fn new(sandboxes: Sandboxes) -> Self {
        Self {
            sandboxes,
            presigned: Presigned::default(),
        }
    }
}

/// All paths of the control plane, apart from the desktop's own.
pub(super) fn routes(plane: Arc<Plane>) -> Router {
    Router::new()
        .route("/v1/sandbox", post(create))
        .route("/v1/sandbox/", post(create))
        .route("/v1/sandbox/{id}", get(one).delete(delete))
        .route("/v1/sandbox/{id}/", get(one).delete(delete))
        .route("/v1/sandboxes", get(list))
        .route("/v1/sandbox/{id}/process/execute", post(run))
        .route("/v1/sandbox/{id}/presigned-url", post(presigned::create))
        .merge(files::routes())
        .with_state(plane)
}

async fn create(
    State(plane): Shared,
    Body(fields): Body,
) -> Result<(StatusCode, Json<Sandbox>), Refusal> {
    let sandbox = plane.sandboxes.create(wanted(fields)?)?;
    Ok((StatusCode::CREATED, Json(sandbox)))
}

fn wanted(mut fields: Fields) -> Result<CreateSandbox, Refusal> {
    fields.require(&["template_name"]);
    let template_name = fields.text("template_name").unwrap_or_default();
    if fields.has("template_name") && template_name != CreateSandbox::DESKTOP {
        let only = format!("must be `{}` here", CreateSandbox::DESKTOP);
        fields.bad("template_name", only);
    }
    let vcpu = fields.integer("vcpu", limits::VCPU);
    let memory = fields.integer("memory", limits::MEMORY);
    let timeout = fields.integer("timeout", limits::LIFETIME);
    if memory.is_some_and(|memory| memory % 2 != 0) {
        fields.bad("memory", "must be even");
    }
    let auto_pause = fields.boolean("auto_pause");
    let env_vars = fields.variables("env_vars");
    fields.finish()?;
    Ok(CreateSandbox {
        template_name,
        vcpu,
        memory,
        timeout,
        auto_pause,
        env_vars,
        network_policy: None,
    })
}

async fn one(State(plane): Shared, Segment(id): Segment) -> Result<Json<Sandbox>, Refusal> {
    Ok(Json(plane.sandboxes.get(&id)?))
}

async fn delete(State(plane): Shared, Segment(id): Segment) -> Result<StatusCode, Refusal> {
    plane.sandboxes.delete(&id).await?;
    plane.presigned.forget(&id);
    Ok(StatusCode::NO_CONTENT)
}

async fn list(
    State(plane): Shared,
    Parameters(mut fields): Parameters,
) -> Result<Json<SandboxList>, Refusal> {
    let state = fields.text("state").map(|word| {
        let state = serde_json::from_value(word.into()).unwrap_or(SandboxState::Other);
        if state == SandboxState::Other {
            fields.bad("state", "is not a sandbox state");
        }
        state
    });
    let mut word = |name, words: [&str; 2]| {
        let chosen = fields.text(name).unwrap_or_else(|| words[0].to_owned());
        if !words.contains(&chosen.as_str()) {
            fields.bad(name, format!("must be {} or {}", words[0], words[1]));
        }
        chosen == words[0]
    };
    let by_time = word("sort", ["created_at", "state"]);
    let newest_first = word("order-by", ["desc", "asc"]);
    let page = fields.integer("page", limits::PAGE).unwrap_or(1) as usize;
    let page_size = fields.integer("page-size", limits::PAGE_SIZE);
    let page_size = page_size.unwrap_or(PAGE_SIZE) as usize;
    fields.finish()?;
    let mut items = plane.sandboxes.list();
    items.retain(|sandbox| state.is_none_or(|state| sandbox.state == state));
    if by_time {
        items.sort_by(|a, b| a.created_at.cmp(&b.created_at));
    } else {
        items.sort_by_key(|sandbox| sandbox.state.word());
    }
    if newest_first {
        items.reverse();
    }
    let total_items = items.len() as u64;
    let items = items.into_iter().skip((page - 1) * page_size);
    let items = items.take(page_size).collect();
    Ok(Json(SandboxList { items, total_items }))
}

async fn run(
    State(plane): Shared,
    Segment(id): Segment,
    Body(fields): Body,
) -> Result<Json<ExecuteResult>, Refusal> {
    let machine = plane.sandboxes.machine(&id)?;
    let request = execute::read(fields)?;
    Ok(Json(execute::run(&machine, request).await?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sandbox_is_made_within_the_bounds_of_the_hosted_service() {
        let read = |body: &str| {
            let read = wanted(Fields::of_body(body.as_bytes()).unwrap());
            read.map_err(|refusal| refusal.words())
        };
        let template = format!(r#""template_name": "{}""#, CreateSandbox::DESKTOP);
        let made = read(&format!(r#"{{{template}, "vcpu": 2, "memory": 1024}}"#)).unwrap();
        assert_eq!((made.vcpu, made.memory), (Some(2), Some(1024)));
        assert_eq!(made.timeout, None);
        let only = format!("template_name: must be `{}` here", CreateSandbox::DESKTOP);
        for (body, problem) in [
            ("{}".to_owned(), "template_name: is required"),
            (r#"{"template_name": "system/python"}"#.to_owned(), &only),
            (
                format!(r#"{{{template}, "memory": 513}}"#),
                "memory: must be even",
            ),
            (
                format!(r#"{{{template}, "vcpu": 9, "timeout": 0}}"#),
                "vcpu: must be an integer from 1 to 8; timeout: must be an integer from 1 to 28800",
            ),
        ] {
            assert_eq!(read(&body).err(), Some(format!("400 {problem}")), "{body}");
        }
    }
}
