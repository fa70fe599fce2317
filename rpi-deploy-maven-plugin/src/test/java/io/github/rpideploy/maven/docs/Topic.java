package io.github.rpideploy.maven.docs;

import java.util.List;

/**
 * What belongs together on the page of parameters.
 *
 * @param parameters in the order in which they are read
 */
record Topic(String title, String introduction, List<String> parameters) {

  static final List<Topic> ALL =
      List.of(
          new Topic(
              "Host and SSH",
              "How to reach the Pi and log in. [SSH](ssh.md) has the whole story.",
              List.of(
                  "host",
                  "port",
                  "user",
                  "server",
                  "identityFile",
                  "identityVariable",
                  "knownHosts",
                  "hostKey",
                  "hostKeyPolicy",
                  "sshConfig",
                  "proxyJump",
                  "connectTimeout")),
          new Topic(
              "Compose directory",
              "Where the services live on the Pi. See [your compose file](compose-file.md).",
              List.of(
                  "directory",
                  "composeFile",
                  "files",
                  "filesLimit",
                  "overwriteFiles",
                  "sudo",
                  "orchestrator")),
          new Topic(
              "Other services",
              "Services of the compose file that no module deploys.",
              List.of("others", "othersTimeout")),
          new Topic(
              "Service and image",
              "Which service a module is, and which image it runs.",
              List.of("service", "imageTar", "platform", "layerCache", "force", "skip")),
          new Topic(
              "Health and smoke tests",
              "What must be true before a service counts as verified, and how long that may take.",
              List.of(
                  "timeout",
                  "settle",
                  "smokePath",
                  "smokePort",
                  "smokeUrl",
                  "smokeStatus",
                  "smokeVia",
                  "smokeHeaders",
                  "smokeBody",
                  "smokeBodyRegex",
                  "smokeJson",
                  "smokeTcp",
                  "smokeCommand",
                  "smokeTests")),
          new Topic(
              "Replacing",
              "How a service comes to run another release. See [no gap](zero-downtime.md).",
              List.of("strategy", "drain")),
          new Topic("Order", "Which services come first.", List.of("after", "requirePredecessors")),
          new Topic(
              "Rollback and old releases",
              "What happens when a service is not good, and what it can go back to."
                  + " See [going back](going-back.md).",
              List.of("rollback", "to", "keep")),
          new Topic(
              "Several Pis",
              "The same services on more than one Pi."
                  + " See [deploying](deploying.md#the-same-on-many-pis).",
              List.of("targets", "parallelShips", "batch", "onFailure", "unreachable", "nodes")),
          new Topic(
              "Lock and guard",
              "Only one deploy at a time changes a directory on the Pi. What happens when it is cut off:"
                  + " [reliability](reliability.md).",
              List.of("lockTimeout", "confirmTimeout")),
          new Topic(
              "Status and logs",
              "What the goals that only read print.",
              List.of("output", "follow", "tail", "since")));
}
