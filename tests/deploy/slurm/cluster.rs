//! A Slurm cluster on this machine: a controller, two nodes, and munge, by which they know
//! each other. All its files are in one folder.

use std::{
    collections::HashSet,
    fs,
    net::TcpListener,
    os::unix::fs::{PermissionsExt, chown},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process};

use crate::tools::{ended, output};

pub(crate) struct Cluster {
    folder: PathBuf,
    daemons: Vec<Child>,
}

/// Marks the processes of a node, beside Slurm's own variable, which only jobs have.
const NODE: &str = "DESKHAND_TEST_NODE";

impl Cluster {
    /// Starts it, and waits until both nodes are idle.
    pub(crate) fn start(folder: &Path) -> Self {
        for name in ["", "state", "n1", "n2", "munge"] {
            fs::create_dir(folder.join(name)).unwrap();
        }
        // munge is another user, who has to reach its own folder.
        let above = folder.parent().unwrap();
        fs::set_permissions(above, fs::Permissions::from_mode(0o755)).unwrap();
        let mut cluster = Self {
            folder: folder.to_owned(),
            daemons: Vec::new(),
        };
        fs::write(cluster.settings(), cluster.configuration()).unwrap();
        cluster.start_munge();
        cluster.daemon("slurmctld", &["-D"], "controller");
        for node in ["n1", "n2"] {
            cluster.daemon("slurmd", &["-D", "-N", node], node);
        }
        cluster.eventually("both nodes are idle", || {
            let nodes = cluster.asked("sinfo", &["--noheader", "--format=%T %D"]);
            (nodes.trim() == "idle 2").then_some(())
        });
        cluster
    }

    /// Has a command use this cluster.
    pub(crate) fn on<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command.env("SLURM_CONF", self.settings())
    }

    /// The task of an array that a node plays, and its number.
    pub(crate) fn task_on(&self, node: &str) -> Option<(String, String)> {
        let format = "--format=%i %K %T";
        let queue = self.asked("squeue", &["--noheader", "--nodelist", node, format]);
        let mut words = queue.split_whitespace().map(str::to_owned);
        let (job, shard) = (words.next()?, words.next()?);
        words.next().filter(|state| state == "RUNNING")?;
        Some((job, shard))
    }

    /// Asks until there is an answer.
    pub(crate) fn eventually<T>(&self, what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
        let deadline = Instant::now() + Duration::from_secs(120);
        loop {
            if let Some(answer) = ask() {
                return answer;
            }
            if Instant::now() > deadline {
                let log = fs::read_to_string(self.folder.join("controller.log"));
                panic!("not within 2 minutes: {what}\n{}", log.unwrap_or_default());
            }
            sleep(Duration::from_millis(100));
        }
    }

    /// Whether a task waits for its time, as Slurm has it do for two minutes once its node
    /// has died.
    pub(crate) fn is_put_off(&self, job: &str) -> bool {
        let queue = self.asked("squeue", &["--noheader", "--job", job, "--format=%T %r"]);
        queue.trim() == "PENDING BeginTime"
    }

    pub(crate) fn start_now(&self, job: &str) {
        let job = format!("JobId={job}");
        self.asked("scontrol", &["update", &job, "StartTime=now"]);
    }

    /// How often a task was played again.
    pub(crate) fn restarts(&self, job: &str) -> usize {
        let said = self.asked("scontrol", &["show", "job", job]);
        let mut words = said.split_whitespace();
        let restarts = words.find_map(|word| word.strip_prefix("Restarts="));
        restarts.unwrap().parse().unwrap()
    }

    /// Ends a node as a power failure does: everything on it at once.
    pub(crate) fn kill(&self, node: &str) {
        let marks = [format!("{NODE}={node}"), format!("SLURMD_NODENAME={node}")];
        let processes = self.processes(|variables| {
            variables
                .iter()
                .any(|variable| marks.iter().any(|mark| mark == variable))
        });
        assert!(processes.len() > 3, "the node plays nothing: {processes:?}");
        // Stopped first: Slurm would report a job that ends before the node does.
        for signal in [Signal::STOP, Signal::KILL] {
            for process in &processes {
                let _ = kill_process(*process, signal);
            }
        }
    }

    /// What a command of Slurm answers.
    fn asked(&self, program: &str, arguments: &[&str]) -> String {
        let mut command = Command::new(program);
        output(self.on(&mut command).args(arguments))
    }

    fn settings(&self) -> PathBuf {
        self.folder.join("slurm.conf")
    }

    fn configuration(&self) -> String {
        let folder = self.folder.display();
        let host = output(&mut Command::new("hostname"));
        // Held together, so that no port is given twice.
        let ports: Vec<TcpListener> = (0..3)
            .map(|_| TcpListener::bind("127.0.0.1:0").unwrap())
            .collect();
        let ports: Vec<u16> = ports
            .iter()
            .map(|socket| socket.local_addr().unwrap().port())
            .collect();
        format!(
            "ClusterName=deskhand
SlurmctldHost={}(127.0.0.1)
SlurmctldPort={}
SlurmUser=root
SlurmdUser=root
AuthInfo=socket={folder}/munge/socket
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SlurmdTimeout=5
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/%n/spool
SlurmdPidFile={folder}/%n/pid
SlurmctldPidFile={folder}/controller.pid
SlurmdLogFile={folder}/%n/log
SlurmctldLogFile={folder}/controller.log
NodeName=n1 NodeHostname=localhost NodeAddr=127.0.0.1 Port={} CPUs=1 RealMemory=2048
NodeName=n2 NodeHostname=localhost NodeAddr=127.0.0.1 Port={} CPUs=1 RealMemory=2048
PartitionName=all Nodes=n1,n2 Default=YES State=UP
",
            host.trim(),
            ports[0],
            ports[1],
            ports[2]
        )
    }

    /// Starts munge, as the user that its package made for it.
    fn start_munge(&mut self) {
        let folder = self.folder.join("munge");
        let key = folder.join("key");
        output(
            Command::new("mungekey")
                .args(["--create", "--keyfile"])
                .arg(&key),
        );
        let user: u32 = output(Command::new("id").args(["-u", "munge"]))
            .trim()
            .parse()
            .unwrap();
        for path in [&folder, &key] {
            chown(path, Some(user), None).unwrap();
        }
        // Others have to reach its socket.
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o711)).unwrap();
        let option = |name: &str, file: &str| format!("--{name}={}", folder.join(file).display());
        let options = [
            option("socket", "socket"),
            option("key-file", "key"),
            option("pid-file", "pid"),
            option("log-file", "log"),
            option("seed-file", "seed"),
        ];
        let mut arguments: Vec<&str> = vec!["--reuid=munge", "--regid=munge", "--clear-groups"];
        arguments.extend(["munged", "--foreground"]);
        arguments.extend(options.iter().map(String::as_str));
        self.daemon("setpriv", &arguments, "munge");
        self.eventually("munge answers", || {
            let mut munge = Command::new("munge");
            munge.args(["--no-input", &options[0]]);
            (ended(&mut munge).0 == 0).then_some(())
        });
    }

    fn daemon(&mut self, program: &str, arguments: &[&str], name: &str) {
        let log = fs::File::create(self.folder.join(format!("{name}.out"))).unwrap();
        let mut daemon = Command::new(program);
        daemon
            .args(arguments)
            .env(NODE, name)
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log);
        self.daemons.push(self.on(&mut daemon).spawn().unwrap());
    }

    /// The processes of this cluster whose variables are of a kind, all that they started,
    /// whose variables may be others, and what watches jobs among them.
    fn processes(&self, are_of_it: impl Fn(&[&str]) -> bool) -> HashSet<Pid> {
        let ours = format!("SLURM_CONF={}", self.settings().display());
        let all: Vec<Process> = fs::read_dir("/proc")
            .unwrap()
            .flatten()
            .filter_map(|entry| Process::read(&entry.path()))
            .collect();
        let marked = all.iter().filter(|process| {
            let variables: Vec<&str> = process.environment.split('\0').collect();
            variables.contains(&ours.as_str()) && are_of_it(&variables)
        });
        let mut found: HashSet<Pid> = marked.map(|process| process.id).collect();
        loop {
            let known = found.len();
            for process in &all {
                if process.parent.is_some_and(|it| found.contains(&it)) {
                    found.insert(process.id);
                }
                // Slurm writes the title of this one over its variables.
                let is_child = |it: &&Process| it.parent == Some(process.id);
                let watches = all.iter().filter(is_child).any(|it| found.contains(&it.id));
                if process.name == "slurmstepd" && watches {
                    found.insert(process.id);
                }
            }
            if found.len() == known {
                return found;
            }
        }
    }
}

struct Process {
    id: Pid,
    parent: Option<Pid>,
    name: String,
    environment: String,
}

impl Process {
    /// The process with a folder in `/proc`; `None` if it has ended.
    fn read(folder: &Path) -> Option<Self> {
        let id = folder.file_name()?.to_str()?.parse().ok()?;
        let environment = fs::read(folder.join("environ")).ok()?;
        let status = fs::read_to_string(folder.join("status")).ok()?;
        let field = |name: &str| {
            let mut lines = status.lines();
            lines
                .find_map(|line| line.strip_prefix(name))
                .map(str::trim)
        };
        Some(Self {
            id: Pid::from_raw(id)?,
            parent: Pid::from_raw(field("PPid:")?.parse().ok()?),
            name: field("Name:")?.to_owned(),
            environment: String::from_utf8_lossy(&environment).into_owned(),
        })
    }
}

impl Drop for Cluster {
    /// Ends everything of it, jobs included.
    fn drop(&mut self) {
        for process in self.processes(|_| true) {
            let _ = kill_process(process, Signal::KILL);
        }
        for daemon in &mut self.daemons {
            let _ = daemon.kill();
            let _ = daemon.wait();
        }
    }
}
